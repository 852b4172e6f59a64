using CnnService.Client;
using CnnService.Studio.Pages.Data.Dataset;

namespace CnnService.Studio.Tests.Pages.Data;

/// <summary>By which layer the map of a data set places its images.</summary>
public class DatasetMapTests
{
    [Theory]
    [InlineData(2, "dense_1")]
    [InlineData(0, "dense_2")]
    public void LayerOf_LayersOfANetwork_IsTheLastBeforeTheClasses(int classes, string expected)
    {
        VisualLayerLink[] layers = [Layer("conv_1", 32), Layer("dense_1", 512), Layer("dense_2", 2)];

        Assert.Equal(expected, DatasetMap.LayerOf(layers, classes));
    }

    [Fact]
    public void LayerOf_NoLayerThatPlacesImages_IsNull() =>
        Assert.Null(DatasetMap.LayerOf([Layer("conv_1", 32, link: "kernels")], 2));

    private static VisualLayerLink Layer(string name, int filters, string link = "projection") => new()
    {
        Name = name,
        Type = "conv2d",
        Filters = filters,
        MapSize = [1, 1],
        Links = new Dictionary<string, string> { [link] = "/" },
    };
}
