using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture;

public sealed class MultiLabelHeadTests
{
    public static TheoryData<string> Presets => [.. PresetCatalog.Names];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Create_OfAPreset_GivesOneSigmoidAClass(string name)
    {
        Assert.True(PresetCatalog.TryFind(name, out var preset));
        foreach (var classes in (int[])[2, 5])
        {
            var errors = new ValidationErrors();

            var network = NetworkSpecValidator.Resolve(
                MultiLabelHead.Create(preset!.Create(classes), classes), classes, errors, allowsMultiLabel: true);

            Assert.Empty(errors.ToDictionary());
            Assert.Equal((true, classes), (network!.IsMultiLabel, network.Outputs));
            MultiLabelHead.Check(network, errors);
            Assert.False(errors.Any);
        }
    }

    [Theory]
    [InlineData(ActivationKind.Softmax, 3)]
    [InlineData(ActivationKind.Softmax, 2)]
    public void Check_ANetworkThatChooses_IsRefused(ActivationKind activation, int classes)
    {
        var errors = new ValidationErrors();
        var spec = new NetworkSpec(
            new(8, 8, 3), [new FlattenLayer(), new DenseLayer { Units = classes, Activation = activation }]);

        MultiLabelHead.Check(
            NetworkSpecValidator.Resolve(MultiLabelHead.Create(spec, classes), classes, errors, allowsMultiLabel: true)!, errors);

        Assert.Equal(["architecture"], errors.ToDictionary().Keys);
    }
}
