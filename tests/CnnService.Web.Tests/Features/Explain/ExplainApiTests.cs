using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Web.Tests.Features.Visualize;

namespace CnnService.Web.Tests.Features.Explain;

/// <summary>Explanations of a network whose reasons are known: red speaks for "red", blue for "blue", cell by cell.</summary>
public class ExplainApiTests(ServiceWithModel fixture) : IClassFixture<ServiceWithModel>
{
    private const int Side = RedOrBlue.Side;

    private readonly CnnServiceApplication _service = fixture.Service;

    /// <summary>Red on the left, blue on the right.</summary>
    private static byte[] HalfAndHalf { get; } = Halves();

    [Theory]
    [InlineData("grad-cam")]
    [InlineData("grad-cam%2B%2B")]
    [InlineData("hires-cam")]
    [InlineData("layer-cam")]
    [InlineData("score-cam")]
    [InlineData("occlusion")]
    [InlineData("rise&samples=400")]
    public async Task Explain_RedClass_FindsTheRedHalf(string method)
    {
        var answer = await JsonAsync($"explain?class=red&format=json&method={method}");
        var values =
            answer.GetProperty("values").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray())
            .ToArray();
        Assert.Equal((Side, Side), (values.Length, values[0].Length));
        var (left, right) = (values.Average(row => row[..(Side / 2)].Average()), values.Average(row => row[(Side / 2)..].Average()));
        Assert.True(left > 0 && left > 3 * right, $"{method}: {left} against {right}");
        Assert.Equal(("red", 0, false),
            (answer.GetProperty("class").GetString(), answer.GetProperty("classIndex").GetInt32(),
                answer.GetProperty("empty").GetBoolean()));
    }

    /// <summary>The logit is 4 times the mean of the red channel: each pixel's share is a 1024th of 4, whatever the image.</summary>
    [Fact]
    public async Task Saliency_IsTheSlopeOfTheScore()
    {
        var answer = await JsonAsync("explain?class=0&format=json&method=saliency");
        Assert.Equal(RedOrBlue.Gain / (Side * Side), answer.GetProperty("values")[0][0].GetDouble(), 1e-6);
        Assert.Equal("red", answer.GetProperty("class").GetString());
    }

    [Fact]
    public async Task IntegratedGradients_SumToTheDifference()
    {
        var figures = (await JsonAsync("explain?class=red&format=json&method=integrated-gradients&baseline=black")).GetProperty("figures");
        Assert.Equal(RedOrBlue.Gain / 2, figures.GetProperty("sum").GetDouble(), 1e-3);
        Assert.InRange(figures.GetProperty("completenessError").GetDouble(), 0, 1e-3);
    }

    [Fact]
    public async Task Explain_NothingSpeaksForTheClass_IsEmptyAndStillAnImage()
    {
        var blue = RedOrBlue.Image(0, 0, 255);
        var figures = await JsonAsync("explain?class=red&format=json", blue);
        Assert.Equal(("empty", true, 0.0),
            (figures.GetProperty("status").GetString(), figures.GetProperty("empty").GetBoolean(), figures.GetProperty("max").GetDouble()));
        using var image = await PostAsync("explain?class=red", blue);
        Assert.Equal("image/png", image.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("overlay")]
    [InlineData("heat")]
    [InlineData("side")]
    public async Task Explain_AsAnImage_TellsItsFiguresAndIsTheSameAgain(string view)
    {
        using var first = await PostAsync($"explain?layout={view}", HalfAndHalf);
        var bytes = await first.Content.ReadAsByteArrayAsync();
        Assert.Equal("image/png", first.Content.Headers.ContentType?.MediaType);
        Assert.Contains("cnnservice:method\0grad-cam", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        using var again = await PostAsync($"explain?layout={view}", HalfAndHalf);
        Assert.Equal(bytes, await again.Content.ReadAsByteArrayAsync());
        using var unchanged = await PostAsync($"explain?layout={view}", HalfAndHalf, first.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Explain_AsNumbers_AreThoseOfTheJson()
    {
        var values =
            (await JsonAsync("explain?class=red&format=json")).GetProperty("values").EnumerateArray()
            .SelectMany(row => row.EnumerateArray().Select(value => value.GetSingle())).ToArray();
        using var bare = await PostAsync("explain?class=red&format=f32", HalfAndHalf);
        var floats = await bare.Content.ReadAsByteArrayAsync();
        using var numpy = await PostAsync("explain?class=red&format=npy", HalfAndHalf);
        var file = await numpy.Content.ReadAsByteArrayAsync();
        Assert.Equal(values, Enumerable.Range(0, Side * Side).Select(i => BitConverter.ToSingle(floats, 4 * i)));
        Assert.Equal(floats, file[^floats.Length..]);
        Assert.Equal(0, (file.Length - floats.Length) % 64);
        Assert.Contains("'shape': (32, 32)", Encoding.Latin1.GetString(file[..(file.Length - floats.Length)]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_BadParameters_NamesAllOfThem()
    {
        using var answer = await PostAsync("explain?method=magic&layout=film&format=gif&steps=7&noise=0.6&samples=0&baseline=pink&seed=-1",
            HalfAndHalf);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(
            ["baseline", "format", "layout", "method", "noise", "samples", "seed", "steps"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("image=pets/1", "image", "is not a parameter here")]
    [InlineData("steps=64", "steps", "method=integrated-gradients only, not with grad-cam")]
    [InlineData("method=saliency&layer=conv_1", "layer", "not with saliency")]
    [InlineData("method=rise&noise=0.1", "noise", "method=smoothgrad only")]
    [InlineData("method=occlusion&samples=200", "samples", "smoothgrad, rise, score-cam")]
    [InlineData("method=smoothgrad&baseline=black", "baseline", "not with smoothgrad")]
    [InlineData("method=hires-cam&Noise=0.2", "noise", "not with hires-cam")]
    public async Task Explain_ParameterWithoutEffect_IsRefusedAndNamed(string query, string parameter, string rule)
    {
        using var answer = await PostAsync($"explain?{query}", HalfAndHalf);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        var broken = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal(parameter, broken.Name);
        Assert.Contains(rule, broken.Value[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class=green", "class.not-found", "classes", "blue")]
    [InlineData("class=2", "class.not-found", "classes", "red")]
    [InlineData("layer=pool", "layer.not-found", "layers", "conv_1")]
    public async Task Explain_UnknownName_ListsTheKnownOnes(string query, string code, string list, string known)
    {
        using var answer = await PostAsync($"explain?{query}", HalfAndHalf);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, code);
        Assert.Contains(known, problem.GetProperty(list).EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Explain_GetWithoutImageOrOfAnUnknownOne_IsAProblem()
    {
        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative("explain"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.BadRequest, "request.invalid");
        using var unknown = await _service.Client.GetAsync(CnnServiceApplication.Relative("explain?image=nothing/abc"));
        await ProblemAssert.IsAsync(unknown, HttpStatusCode.NotFound, "dataset.not-found");
    }

    [Fact]
    public async Task Explain_NoImage_Is422()
    {
        using var answer = await PostAsync("explain", "no image"u8.ToArray());
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnsupportedMediaType });
        await ProblemAssert.IsAsync(answer, answer.StatusCode);
    }

    [Fact]
    public async Task Onnx_OfTheGradient_IsAFileAndRefusesWhatItCannotBe()
    {
        var file = await _service.Client.GetByteArrayAsync(
            CnnServiceApplication.Relative("models/colours/versions/1/onnx?graph=gradient&layer=conv_1"));
        Assert.Contains("activation_gradients", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
        using var layer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative("models/colours/versions/1/onnx?graph=gradient&layer=nothing"));
        await ProblemAssert.IsAsync(layer, HttpStatusCode.NotFound, "layer.not-found");
        foreach (var query in new[] { "graph=gradient&fold=true", "graph=backwards", "layer=conv_1" })
        {
            using var refused = await _service.Client.GetAsync(CnnServiceApplication.Relative($"models/colours/versions/1/onnx?{query}"));
            await ProblemAssert.IsAsync(refused, HttpStatusCode.BadRequest, "request.invalid");
        }
    }

    private async Task<System.Text.Json.JsonElement> JsonAsync(string path, byte[]? image = null)
    {
        using var answer = await PostAsync(path, image ?? HalfAndHalf);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return System.Text.Json.JsonDocument.Parse(text).RootElement;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] image, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            CnnServiceApplication.Relative(path))
        { Content = new ByteArrayContent(image) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await _service.Client.SendAsync(request);
    }

    private static byte[] Halves()
    {
        var pixels = new PixelBuffer(Side, Side, 3);
        for (var i = 0; i < Side * Side; i++)
        {
            pixels.Data[(3 * i) + (i % Side < Side / 2 ? 0 : 2)] = 255;
        }

        return new PngEncoder().Encode(pixels, []);
    }
}
