using System.Net;
using Bunit;
using CnnService.Client;
using CnnService.Studio.Pages.Data.Dataset;
using CnnService.Studio.Tests.Service;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace CnnService.Studio.Tests.Pages.Data;

/// <summary>The map of a data set: by which layer it places the images, and how one is opened.</summary>
public sealed class DatasetMapTests : IAsyncDisposable
{
    private const string Starts = """
        {"items":[{"name":"resnet18","summary":"","trainedOn":"","source":"","licence":"","terms":"","sha256":"","bytes":1,
        "input":{"height":224,"width":224,"channels":3},"features":512,"links":{}}],"unusable":[]}
        """;

    private const string Layers = """
        {"model":"resnet18","version":1,"layers":[
        {"name":"pool","type":"globalAveragePooling2d","filters":512,"mapSize":[1,1],"links":{"projection":"/"}}]}
        """;

    private const string Projection = """
        {"model":"resnet18","version":1,"layer":"pool","dataset":"pets","split":"train","method":"tsne","features":512,
        "explainedVariance":[0.5],"images":[
        {"image":"right","class":"dogs","predicted":null,"isCorrect":null,"x":1.0,"y":0.0},
        {"image":"left","class":"cats","predicted":null,"isCorrect":null,"x":-1.0,"y":0.0}]}
        """;

    private static readonly DatasetResource Pets = new()
    {
        Name = "pets",
        Status = DatasetStatus.Ready,
        Revision = 1,
        Progress = new() { Done = 2, Total = 2 },
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private readonly StudioContext _page;

    public DatasetMapTests()
    {
        _page = new(new ScriptedService(Answer).Connect());
        _page.Render<MudPopoverProvider>();
    }

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public async Task Map_ArrowKeyAndEnter_OpensTheImageFurthestLeft()
    {
        ImageResource? opened = null;
        var map = _page.Render<DatasetMap>(parameters => parameters
            .Add(part => part.Dataset, Pets)
            .Add(part => part.Opened, image => opened = image));
        map.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);
        map.WaitForState(() => map.FindAll("circle").Count == 2, StudioContext.Limit);

        // On the renderer's own thread nothing is drawn anew between the element and its event.
        await map.InvokeAsync(() => map.Find(".map svg").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowRight" }));
        await map.InvokeAsync(() => map.Find(".map svg").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" }));

        Assert.Equal("left", opened?.Id);
    }

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

    private static (HttpStatusCode? Status, string Json) Answer(HttpMethod method, string path) =>
        path.StartsWith("/starts", StringComparison.Ordinal) ? (HttpStatusCode.OK, Starts)
        : path.StartsWith("/models", StringComparison.Ordinal) ? (HttpStatusCode.OK, """{"items":[],"next":null}""")
        : path.Contains("/projection", StringComparison.Ordinal) ? (HttpStatusCode.OK, Projection)
        : path.StartsWith("/visualize", StringComparison.Ordinal) ? (HttpStatusCode.OK, Layers)
        : (HttpStatusCode.NotFound, "{}");
}
