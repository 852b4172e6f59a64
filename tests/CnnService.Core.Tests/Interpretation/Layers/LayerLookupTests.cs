using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Tests.Interpretation.Layers;

public sealed class LayerLookupTests
{
    [Fact]
    public void List_Network_HasAllWithChannelsButDropoutAndFlatten() => Assert.Equal(
        ["conv conv2d 5 6x6", "relu activation 5 6x6", "pool maxPooling2d 5 3x3", "output dense 1 1x1"],
        LayerLookup.List(SomeModel.Create().Network)
            .Select(layer => $"{layer.Name} {layer.Type} {layer.Filters} {string.Join('x', layer.MapSize)}"));
}
