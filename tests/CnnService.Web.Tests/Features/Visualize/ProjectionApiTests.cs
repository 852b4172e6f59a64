using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>The red and the blue channel of images are the two features: the map is a turned copy of their colours.</summary>
public sealed class ProjectionApiTests(ColoursAndImages fixture) : IClassFixture<ColoursAndImages>
{
    private const string Map = "visualize/conv_1/projection?model=colours&dataset=images";
    private const string Field = "visualize/conv_1/receptive-field?model=colours";

    private readonly CnnServiceApplication _service = fixture.Service;

    [Fact]
    public async Task Projection_OfFeaturesThatAreColours_KeepsTheirDistances()
    {
        var map = await _service.GetJsonAsync($"{Map}&format=json");

        Assert.Equal((5, "pca", 2),
            (map.GetProperty("images").GetArrayLength(), map.GetProperty("method").GetString(), map.GetProperty("features").GetInt32()));
        Assert.Equal(1, map.GetProperty("explainedVariance").EnumerateArray().Sum(share => share.GetDouble()), 9);
        var images = map.GetProperty("images").EnumerateArray().ToArray();
        double[] apart = [
            .. from one in images from other in images select double.Hypot(Number(one, "x") - Number(other, "x"),
                Number(one, "y") - Number(other, "y"))];
        double[] reds = [200, 100, 101, 0, 0], blues = [0, 0, 0, 250, 0];
        double[] expected = [
            .. from one in Enumerable.Range(0,
                5) from other in Enumerable.Range(0, 5) select double.Hypot(reds[one] - reds[other], blues[one] - blues[other]) / 255];
        Assert.All(expected.Order().Zip(apart.Order()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    /// <summary>The image of a dark green is called "blue" and has neither red nor blue: a tie goes to the first class, red.</summary>
    [Fact]
    public async Task Projection_TellsWhatTheNetworkTakesEachImageFor()
    {
        var map = await _service.GetJsonAsync($"{Map}&format=json");

        var wrong = Assert.Single(map.GetProperty("images").EnumerateArray(), image => !image.GetProperty("isCorrect").GetBoolean());
        Assert.Equal(("blue", "red"), (wrong.GetProperty("class").GetString(), wrong.GetProperty("predicted").GetString()));
        using var image = await _service.Client.GetAsync(
            CnnServiceApplication.Relative($"datasets/images/images/{wrong.GetProperty("image").GetString()}"));
        Assert.Equal(HttpStatusCode.OK, image.StatusCode);
    }

    /// <summary>A kernel of one cell: its own pixel is all that moves it.</summary>
    [Fact]
    public async Task Field_EffectiveToo_TellsHowMuchOfTheBoxCounts()
    {
        var effective = (await _service.GetJsonAsync($"{Field}&effective=true&format=json")).GetProperty("effective");

        Assert.Equal([1, 1], effective.GetProperty("size").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal((1, 32), (effective.GetProperty("shareInBox").GetDouble(), effective.GetProperty("images").GetInt32()));
        Assert.False((await _service.GetJsonAsync($"{Field}&format=json")).TryGetProperty("effective", out _));
    }

    [Theory]
    [InlineData(Map)]
    [InlineData($"{Map}&method=tsne&seed=3")]
    [InlineData(Field)]
    [InlineData($"{Field}&effective=true")]
    public async Task Image_HasATagAndTheSameBytes(string path)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        using var again = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        Assert.Equal(await answer.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, answer.RequestMessage!.RequestUri);
        request.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Projection_ByTsneOfFewImages_TellsThePerplexityThatTheyAllow()
    {
        var map = await _service.GetJsonAsync($"{Map}&method=tsne&format=json");
        Assert.Equal(4 / 3.0, map.GetProperty("perplexity").GetDouble(), 9);
        Assert.Equal(JsonValueKind.Null, map.GetProperty("trustworthiness").ValueKind);
    }

    [Fact]
    public async Task Field_OfAConvolutionOfOnePixel_IsThatPixel()
    {
        var field = await _service.GetJsonAsync($"{Field}&cell=3,30&format=json");

        var box = field.GetProperty("box");
        Assert.Equal((30, 3, 1, 1),
            (box.GetProperty("left").GetInt32(), box.GetProperty("top").GetInt32(), box.GetProperty("width").GetInt32(),
                box.GetProperty("height").GetInt32()));
        Assert.Equal("[1,1]", field.GetProperty("jump").GetRawText());
        Assert.Equal("[0.5,0.5]", field.GetProperty("start").GetRawText());
        Assert.Equal(1, field.GetProperty("shareInside").GetDouble());
    }

    [Fact]
    public async Task Field_OverAnImageOfADataSetOrOneThatIsPosted_IsTheImageWithTheBox()
    {
        var map = await _service.GetJsonAsync($"{Map}&format=json");
        var image = map.GetProperty("images")[0].GetProperty("image").GetString();
        using var plain = await _service.Client.GetAsync(CnnServiceApplication.Relative(Field));
        using var over = await _service.Client.GetAsync(CnnServiceApplication.Relative($"{Field}&image=images/{image}"));
        using var body = new ByteArrayContent(RedOrBlue.Image(9, 9, 9))
        {
            Headers = { ContentType = new MediaTypeHeaderValue("image/png") }
        };
        using var posted = await _service.Client.PostAsync(CnnServiceApplication.Relative(Field), body);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK],
            new[] { plain.StatusCode, over.StatusCode, posted.StatusCode });
        Assert.Equal(3, new[] { plain, over, posted }.Select(answer => answer.Headers.ETag!.Tag).Distinct().Count());
    }

    [Theory]
    [InlineData("visualize/conv_1/projection?model=colours", HttpStatusCode.Conflict, "scan.no-dataset")]
    [InlineData("visualize/conv_1/projection?model=colours&dataset=none", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("visualize/conv_9/projection?model=colours&dataset=images", HttpStatusCode.NotFound, "layer.not-found")]
    [InlineData($"{Map}&split=test", HttpStatusCode.UnprocessableEntity, "scan.no-images")]
    [InlineData($"{Map}&images=1", HttpStatusCode.UnprocessableEntity, "projection.too-few")]
    [InlineData($"{Map}&method=tsne&images=4", HttpStatusCode.UnprocessableEntity, "projection.too-few")]
    [InlineData($"{Map}&method=umap", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData($"{Map}&images=2001", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData($"{Map}&seed=-1", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("visualize/conv_1/0/projection?model=colours&dataset=images", HttpStatusCode.NotFound, "request.no-such-route")]
    [InlineData("visualize/conv_1/0/receptive-field?model=colours", HttpStatusCode.NotFound, "request.no-such-route")]
    [InlineData("visualize/conv_9/receptive-field?model=colours", HttpStatusCode.NotFound, "layer.not-found")]
    [InlineData($"{Field}&cell=3", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData($"{Field}&cell=0,32", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData($"{Field}&image=images/none", HttpStatusCode.NotFound, "image.not-found")]
    public async Task Request_Unsound_IsAProblem(string path, HttpStatusCode status, string code)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        await ProblemAssert.IsAsync(answer, status, code);
    }

    private static double Number(JsonElement image, string name) => image.GetProperty(name).GetDouble();
}
