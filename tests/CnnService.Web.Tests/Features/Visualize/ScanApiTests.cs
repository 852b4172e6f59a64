using System.Net;
using System.Text.Json;
using CnnService.Core.Datasets;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>The model whose filters are the red and the blue channel, and images of one colour each.</summary>
public sealed class ColoursAndImages : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(Service, "colours");
        await ColourDataset.ImportAsync(
            Service,
            "images",
            ("validation/red/1.png", 200, 0, 0),
            ("validation/red/2.png", 100, 0, 0),
            ("validation/red/3.png", 101, 0, 0), // Nearly the one before.
            ("validation/blue/1.png", 0, 0, 250),
            ("validation/blue/2.png", 0, 50, 0),
            ("train/red/1.png", 255, 0, 0),
            ("train/blue/1.png", 255, 1, 0));
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

public sealed class ScanApiTests(ColoursAndImages fixture) : IClassFixture<ColoursAndImages>
{
    private readonly CnnServiceApplication _service = fixture.Service;

    [Fact]
    public async Task Statistics_OfFiltersWithKnownAnswers_AreThose()
    {
        var scan = await _service.GetJsonAsync("visualize/conv_1/statistics?model=colours&dataset=images");

        Assert.Equal((5, "validation"), (scan.GetProperty("images").GetInt32(), scan.GetProperty("split").GetString()));
        var (red, blue) = (scan.GetProperty("filters")[0], scan.GetProperty("filters")[1]);
        Assert.Equal(0.6, red.GetProperty("firingImages").GetDouble(), 9);
        Assert.Equal(0.6, red.GetProperty("positiveCells").GetDouble(), 9);
        Assert.Equal(200 / 255.0, red.GetProperty("max").GetDouble(), 6);
        Assert.Equal((200 + 100 + 101) / 255.0 / 5, red.GetProperty("mean").GetDouble(), 6);
        Assert.Equal(100 / 255.0, red.GetProperty("medianMax").GetDouble(), 6);
        Assert.Equal(0.2, blue.GetProperty("firingImages").GetDouble(), 9);
        Assert.Equal(1, blue.GetProperty("kernelNorm").GetDouble(), 9);
        Assert.Equal(0, blue.GetProperty("nearest").GetProperty("cosine").GetDouble(), 9);
        Assert.Equal(2, scan.GetProperty("statuses").GetProperty("live").GetInt32());
    }

    /// <summary>No training image is without red, none has any blue.</summary>
    [Fact]
    public async Task Statistics_OfOneSplitAndFewImages_LookAtThoseAlone()
    {
        var scan = await _service.GetJsonAsync("visualize/conv_1/statistics?model=colours&dataset=images&split=train&images=1");

        Assert.Equal(1, scan.GetProperty("images").GetInt32());
        Assert.Equal(["always", "silent"],
            scan.GetProperty("filters").EnumerateArray().Select(filter => filter.GetProperty("status").GetString()!)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Statistics_AsPng_AreAnImageWithATag()
    {
        using var answer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative("visualize/conv_1/statistics?model=colours&dataset=images&format=png"));
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Get, answer.RequestMessage!.RequestUri);
        request.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Examples_OfTheRedFilter_AreTheReddestImages_WithoutWhatIsNearlyTheSame()
    {
        var examples = await _service.GetJsonAsync("visualize/conv_1/0/examples?model=colours&dataset=images&format=json");

        var found = examples.GetProperty("filters")[0].GetProperty("examples").EnumerateArray().ToArray();
        Assert.Equal([200 / 255.0, 101 / 255.0],
            found.Select(one => Math.Round(one.GetProperty("value").GetDouble(), 6)).Select(value => Math.Round(value * 255) / 255));
        Assert.Equal((0, 0, 1, 1), Box(found[0]));
        using var image = await _service.Client.GetAsync(CnnServiceApplication.Relative(found[0].GetProperty("link").GetString()![1..]));
        Assert.Equal(HttpStatusCode.OK, image.StatusCode);
    }

    [Fact]
    public async Task Examples_OfALayer_AreRowsOfAnImage()
    {
        using var answer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative("visualize/conv_1/examples?model=colours&dataset=images&count=3"));
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(answer.Headers.ETag);
    }

    /// <summary>The red filter's means over the five images: 200, 100, 101, 0 and 0, of 255.</summary>
    [Fact]
    public async Task Pattern_WithASplit_IsMeasuredAgainstItsImages()
    {
        const string Path = "visualize/conv_1/0?model=colours&iterations=32&wait=120";
        var plain = await _service.GetJsonAsync($"{Path}&format=json");
        var figures = await _service.GetJsonAsync($"{Path}&format=json&dataset=images&split=validation");

        double[] red = [200 / 255.0, 100 / 255.0, 101 / 255.0, 0, 0];
        var deviation = Math.Sqrt(red.Average(value => Math.Pow(value - red.Average(), 2)));
        var activation = figures.GetProperty("activation").GetDouble();
        Assert.Equal(plain.GetProperty("activation").GetDouble(), activation);
        Assert.False(plain.TryGetProperty("z", out _));
        Assert.Equal((5, 0), (figures.GetProperty("dataImages").GetInt32(), figures.GetProperty("rank").GetInt32()));
        Assert.Equal(100 / 255.0, figures.GetProperty("dataP50").GetDouble(), 1e-6);
        Assert.Equal((200 - (0.04 * 99)) / 255.0, figures.GetProperty("dataP99").GetDouble(), 1e-6);
        Assert.Equal(200 / 255.0, figures.GetProperty("dataMax").GetDouble(), 1e-6);
        Assert.Equal((activation - red.Average()) / deviation, figures.GetProperty("z").GetDouble(), 1e-5);
    }

    /// <summary>What is kept of a scan does not change the image of a URL that does not ask for it.</summary>
    [Fact]
    public async Task Pattern_WithOrWithoutASplit_HasBytesAndTagOfItsOwn()
    {
        const string Path = "visualize/conv_1?model=colours&iterations=16&wait=120&seed=5";
        var before = await _service.Client.GetByteArrayAsync(CnnServiceApplication.Relative(Path));
        using var judged = await _service.Client.GetAsync(CnnServiceApplication.Relative($"{Path}&dataset=images"));
        using var after = await _service.Client.GetAsync(CnnServiceApplication.Relative(Path));
        using var again = await _service.Client.GetAsync(CnnServiceApplication.Relative($"{Path}&dataset=images"));

        Assert.Equal(before, await after.Content.ReadAsByteArrayAsync());
        Assert.Equal(await judged.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
        Assert.NotEqual(after.Headers.ETag, judged.Headers.ETag);
        Assert.NotEqual(before, await judged.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Pattern_InTheColoursOfADataSetOfReds_IsRedOrNotAndNothingElse()
    {
        await ColourDataset.ImportAsync(_service, "reds", ("train/red/1.png", 255, 0, 0), ("train/red/2.png", 90, 0, 0),
            ("train/black/1.png", 1, 0, 0), ("validation/black/1.png", 2, 0, 0));
        var png = await _service.Client.GetByteArrayAsync(
            CnnServiceApplication.Relative("visualize/conv_1/0?model=colours&iterations=16&wait=120&dataset=reds&colors=dataset"));

        var pixels = _service.Services.GetRequiredService<IImageDecoder>().Decode(png, new(0, 0, 3)).Value.Data;
        Assert.All(pixels.Where((_, i) => i % 3 > 0), value => Assert.InRange(value, 127, 128));
        Assert.True(pixels.Where((_, i) => i % 3 == 0).Average(value => value) > 140);
    }

    [Theory]
    [InlineData("visualize/conv_1/0?model=colours&split=test", HttpStatusCode.Conflict, "scan.no-dataset")]
    [InlineData("visualize/conv_1/0?model=colours&dataset=images&split=test", HttpStatusCode.UnprocessableEntity, "scan.no-images")]
    [InlineData("visualize/conv_1/0?model=colours&colors=dataset", HttpStatusCode.Conflict, "scan.no-dataset")]
    [InlineData("visualize/classes/red?model=colours&colors=dataset&dataset=none", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("visualize/conv_1/statistics?model=colours", HttpStatusCode.Conflict, "scan.no-dataset")]
    [InlineData("visualize/conv_1/statistics?model=colours&dataset=none", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("visualize/conv_1/statistics?model=colours&dataset=images&split=test", HttpStatusCode.UnprocessableEntity,
        "scan.no-images")]
    [InlineData("visualize/conv_9/statistics?model=colours&dataset=images", HttpStatusCode.NotFound, "layer.not-found")]
    [InlineData("visualize/conv_1/statistics?model=colours&dataset=images&split=half&images=0&format=bmp", HttpStatusCode.BadRequest,
        "request.invalid")]
    [InlineData("visualize/conv_1/9/examples?model=colours&dataset=images", HttpStatusCode.NotFound, "filter.not-found")]
    [InlineData("visualize/conv_1/0/examples?model=colours&dataset=images&count=17", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task Scan_Unsound_IsAProblem(string path, HttpStatusCode status, string code)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        await ProblemAssert.IsAsync(answer, status, code);
    }

    private static (int Left, int Top, int Width, int Height) Box(JsonElement example)
    {
        var box = example.GetProperty("box");
        return (box.GetProperty("left").GetInt32(), box.GetProperty("top").GetInt32(), box.GetProperty("width").GetInt32(),
            box.GetProperty("height").GetInt32());
    }
}
