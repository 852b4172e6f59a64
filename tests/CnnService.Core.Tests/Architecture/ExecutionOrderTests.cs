using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Core.Tests.Architecture;

public class ExecutionOrderTests
{
    /// <summary>The reference validates the layers up to the end as a network of their own.</summary>
    [Theory]
    [InlineData("article-cnn", 150)]
    [InlineData("article-cnn-bn", 128)]
    [InlineData("squeezenet1.1", 224)]
    [InlineData("vgg11", 224)]
    public void Accepts_AnySide_AgreesWithTheValidator(string preset, int own)
    {
        var network = Resolve(preset, own);
        foreach (var layer in network.Layers.Where(layer => ResolvedNetwork.DeclaredActivation(layer.Spec) != ActivationKind.Softmax))
        {
            var path = ExecutionOrder.To(network, layer);
            foreach (var side in new[] { 1, 3, 8, 21, 32, 33, 47, 64, 97, 150, 224 })
            {
                Assert.True(
                    IsValid(network.Spec.Input with { Height = side, Width = side }, path) == path.Accepts(TensorShape.Map(3, side, side)),
                    $"{preset} {layer.Name} {side}");
            }
        }
    }

    private static bool IsValid(InputSpec input, ExecutionOrder path) =>
        NetworkSpecValidator.Resolve(
            new(input, [.. path.Layers.Select(layer => layer.Spec with { Inputs = layer.Inputs })]),
            NetworkSpecValidator.NoClasses, new ValidationErrors()) is not null;

    private static ResolvedNetwork Resolve(string name, int side)
    {
        Assert.True(PresetCatalog.TryFind(name, out var preset));
        return NetworkSpecValidator.Resolve(preset.Create(2, new(side, side, 3)), 2, new ValidationErrors())!;
    }
}
