using CnnService.Core.Architecture;
using CnnService.Core.Interpretation.Classes;

namespace CnnService.Core.Tests.Interpretation;

public sealed class ClassTargetTests
{
    [Fact]
    public void Resolve_ClassOfAMultiLabelNetwork_HasTheSigmoidOfItsOwnLogit()
    {
        var network = NetworkSpecValidator.Resolve(OnnxGraphLayer.Network(new(8, 8, 3), 3, isMultiLabel: true), 3, new())!;

        var target = ClassTarget.Resolve(network, [0.5f, 2, -1], 0);

        Assert.Equal((0, 1), (target.Index, target.Predicted));
        Assert.Equal(1 / (1 + Math.Exp(-0.5)), target.Probability, 1e-9);
        Assert.Equal(0.5, target.Score, 1e-9);
    }
}
