using System.Net;
using System.Text;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Architectures;

public class ArchitecturesApiTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private const string Small = """
        { "input": { "height": 28, "width": 28, "channels": 1 }, "layers": [
          { "type": "conv2d", "name": "first", "filters": 4, "kernelSize": 5 }, { "type": "flatten" }, { "type": "dense", "units": "classes" } ] }
        """;

    [Fact]
    public async Task List_NamesThePresetsOfTheApi()
    {
        var page = await service.GetJsonAsync("architectures");
        var names = page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()).ToArray();
        Assert.Superset(
            new HashSet<string?> { "article-cnn", "article-cnn-bn", "lenet5", "vgg11", "vgg16", "squeezenet1.1", "resnet18" },
            names.ToHashSet());
    }

    [Fact]
    public async Task Get_ArticleNetwork_HasThePublishedCounts()
    {
        // Four 3x3 "same" convolutions of 32, 64, 128, 128 filters on 150x150x3, each halved: 9x9x128 = 10368 values; then 512, 128, 1.
        const long Convolutions = ((3 * 9) + 1) * 32 + ((32 * 9) + 1) * 64 + ((64 * 9) + 1) * 128 + ((128 * 9) + 1) * 128;
        const long Dense = (10368 + 1) * 512 + (512 + 1) * 128 + (128 + 1) * 1;
        var preset = await service.GetJsonAsync("architectures/article-cnn");
        var summary = preset.GetProperty("summary");
        Assert.Equal(Convolutions + Dense, summary.GetProperty("totals").GetProperty("parameters").GetInt64());
        Assert.Equal([3, 150, 150], Numbers(summary.GetProperty("input")));
    }

    [Fact]
    public async Task Get_UnknownName_ListsTheKnownOnes()
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative("architectures/nothing"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "architecture.not-found");
        Assert.Contains("article-cnn", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryPreset_SentBackToDescribe_IsTheSameTable()
    {
        var page = await service.GetJsonAsync("architectures");
        foreach (var name in page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()))
        {
            var preset = await service.GetJsonAsync($"architectures/{name}");
            var classes = preset.GetProperty("summary").GetProperty("classes").GetInt32();
            using var answer = await DescribeAsync(preset.GetProperty("architecture").GetRawText(), $"?classes={classes}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(JsonElement.DeepEquals(preset.GetProperty("summary"), await CnnServiceApplication.JsonAsync(answer)), name);
        }
    }

    [Fact]
    public async Task Describe_SmallNetwork_CountsByHand()
    {
        using var answer = await DescribeAsync(
            """
            { "input": { "height": 28, "width": 28, "channels": 1 }, "layers": [
              { "type": "conv2d", "name": "first", "filters": 4, "kernelSize": 5, "strides": 2, "padding": "valid", "activation": "relu" },
              { "type": "flatten" },
              { "type": "dense", "name": "output", "units": "classes" } ] }
            """,
            "?classes=10");
        var table = await CnnServiceApplication.JsonAsync(answer);
        var layers = table.GetProperty("layers").EnumerateArray().ToArray();
        Assert.Equal([4, 12, 12], Numbers(layers[0].GetProperty("outputShape")));
        Assert.Equal((25 + 1) * 4, layers[0].GetProperty("parameters").GetInt64());
        Assert.Equal(25 * 4 * 12 * 12, layers[0].GetProperty("multiplyAdds").GetInt64());
        Assert.Equal((576 + 1) * 10, layers[^1].GetProperty("parameters").GetInt64());
    }

    [Fact]
    public async Task Describe_SeveralFaults_NamesAllOfThem()
    {
        using var answer = await DescribeAsync(
            """
            { "input": { "height": 28, "width": 0, "channels": 2 }, "layers": [
              { "type": "conv2d", "filters": 0, "kernelSize": 3 },
              { "type": "dense", "units": "classes" } ] }
            """,
            "?classes=1");
        var errors = (await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid")).GetProperty("errors");
        Assert.True(errors.TryGetProperty("classes", out _), errors.ToString());
    }

    [Theory]
    [InlineData("""{ "input": { "height": 28, "width": 28, "channels": 1 }, "layers": [ { "type": "conv3d" } ] }""", "layers[0].type")]
    [InlineData("""{ "input": { "height": 28, "width": 28, "channels": 1 }, "layers": [], "extra": 1 }""", "extra")]
    [InlineData("""{ "input": { "height": 28, "width": 28, "channels": 7 }, "layers": [ { "type": "dense", "units": "classes" } ] }""",
        "input.channels")]
    [InlineData(
        """{ "input": { "height": 8, "width": 8, "channels": 1 }, "layers": [ { "type": "conv2d", "name": "c", "filters": 1, "kernelSize": 9, "padding": "valid" }, { "type": "flatten" }, { "type": "dense", "units": "classes" } ] }""", "layers[0].kernelSize")]
    public async Task Describe_Fault_StandsUnderItsPath(string body, string path)
    {
        using var answer = await DescribeAsync(body);
        var errors = (await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid")).GetProperty("errors");
        Assert.True(errors.TryGetProperty(path, out _), errors.ToString());
    }

    [Theory]
    [InlineData("architectures/lenet5?format=png")]
    [InlineData("architectures/resnet18?format=png")]
    public async Task Get_FormatPng_DrawsThePreset(string path)
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(path));
        await IsPngAsync(answer);
    }

    [Fact]
    public async Task Describe_FormatPng_DrawsTheNetwork()
    {
        using var answer = await DescribeAsync(Small, "?format=png");
        await IsPngAsync(answer);
    }

    [Fact]
    public async Task Describe_FormatPngOfAFault_TellsTheFault()
    {
        using var answer = await DescribeAsync(Small.Replace("conv2d", "conv3d", StringComparison.Ordinal), "?format=png");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Describe_FormatPngOfVeryManyLayers_IsRefused()
    {
        var layers = string.Join(", ", Enumerable.Repeat("""{ "type": "activation" }""", 250));
        using var answer = await DescribeAsync(
            Small.Replace("""{ "type": "flatten" }""", layers + """, { "type": "flatten" }""", StringComparison.Ordinal), "?format=png");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "architecture.too-many-layers");
    }

    [Fact]
    public async Task AnyCall_AsSvg_IsDrawnWithItsLayersAsText()
    {
        using var get = await service.Client.GetAsync(CnnServiceApplication.Relative("architectures/resnet18?format=svg&theme=dark"));
        using var post = await DescribeAsync(Small, "?format=svg");

        Assert.All(new[] { get, post }, answer => Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(">layer1.0.conv1</text>", await get.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_UnknownFormat_IsRefused()
    {
        using var get = await service.Client.GetAsync(CnnServiceApplication.Relative("architectures/lenet5?format=gif"));
        await ProblemAssert.IsAsync(get, HttpStatusCode.BadRequest, "request.invalid");
        using var post = await DescribeAsync(Small, "?format=gif");
        await ProblemAssert.IsAsync(post, HttpStatusCode.BadRequest, "request.invalid");
    }

    private static async Task IsPngAsync(HttpResponseMessage answer)
    {
        Assert.Equal((HttpStatusCode.OK, "image/png"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await answer.Content.ReadAsByteArrayAsync())[..4]);
    }

    private async Task<HttpResponseMessage> DescribeAsync(string body, string query = "")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await service.Client.PostAsync(CnnServiceApplication.Relative($"architectures/describe{query}"), content);
    }

    private static int[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt32())];
}
