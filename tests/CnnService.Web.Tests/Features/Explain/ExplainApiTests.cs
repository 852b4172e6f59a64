using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CnnService.Web.Tests.Features.Visualize;

namespace CnnService.Web.Tests.Features.Explain;

/// <summary>/explain on a network whose derivatives are known: logit "red" is 4 times the mean of red.</summary>
public class ExplainApiTests(ServiceWithModel fixture) : IClassFixture<ServiceWithModel>
{
    private const int Area = RedOrBlue.Side * RedOrBlue.Side;

    private readonly CnnServiceApplication _service = fixture.Service;

    public static TheoryData<string> Methods =>
        ["grad-cam", "grad-cam++", "hires-cam", "layer-cam", "score-cam", "saliency", "smoothgrad", "integrated-gradients", "occlusion", "rise"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task EveryMethod_GivesAPictureAndTheSameAgain(string method)
    {
        var path = $"explain?model=colours&masks=100&method={Uri.EscapeDataString(method)}";
        using var first = await PostAsync(path, RedOrBlue.Picture(200, 10, 60));
        using var second = await PostAsync(path, RedOrBlue.Picture(200, 10, 60));

        Assert.Equal((HttpStatusCode.OK, "image/png"), (first.StatusCode, first.Content.Headers.ContentType?.MediaType));
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await second.Content.ReadAsByteArrayAsync());
        Assert.NotNull(first.Headers.ETag);
        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative(path)) { Content = Picture(RedOrBlue.Picture(200, 10, 60)) };
        request.Headers.IfNoneMatch.Add(first.Headers.ETag);
        using var unchanged = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task GradCam_IsTheFormulasValueEverywhere()
    {
        var found = await JsonAsync("explain?model=colours&format=json", RedOrBlue.Picture(204, 10, 51));

        Assert.Equal(("grad-cam", "conv_1", "red", "red", "ok"), (Text(found, "method"), Text(found, "layer"), Text(found, "class"), Text(found, "predicted"), Text(found, "status")));
        Assert.Equal(RedOrBlue.Gain * 0.8, found.GetProperty("logit").GetDouble(), 1e-4);
        Assert.Equal(RedOrBlue.Red(204, 51), found.GetProperty("probability").GetDouble(), 1e-5);
        Assert.All(Map(found), value => Assert.Equal(RedOrBlue.Gain / Area * 0.8, value, 1e-6));
    }

    [Fact]
    public async Task GradCam_OfAClassThatNothingSpeaksFor_IsEmpty()
    {
        var found = await JsonAsync("explain?model=colours&format=json&class=blue", RedOrBlue.Picture(204, 10, 0));

        Assert.Equal(("blue", "red", "empty", true), (Text(found, "class"), Text(found, "predicted"), Text(found, "status"), found.GetProperty("empty").GetBoolean()));
        Assert.All(Map(found), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task IntegratedGradients_AddUpToTheLogit()
    {
        var found = await JsonAsync("explain?model=colours&format=json&method=integrated-gradients&baseline=black&class=0", RedOrBlue.Picture(102, 10, 51));

        Assert.Equal(RedOrBlue.Gain * 0.4, Map(found).Sum(), 1e-3);
        Assert.Equal(0, found.GetProperty("completenessError").GetDouble(), 1e-3);
    }

    [Fact]
    public async Task Saliency_IsTheDerivative()
    {
        var found = await JsonAsync("explain?model=colours&format=json&method=saliency", RedOrBlue.Picture(204, 10, 51));

        Assert.All(Map(found), value => Assert.Equal(RedOrBlue.Gain / Area, value, 1e-6));
    }

    [Fact]
    public async Task Numbers_AsNpy_AreAFileThatNumPyReads()
    {
        using var answer = await PostAsync("explain?model=colours&format=npy", RedOrBlue.Picture(204, 10, 51));
        var file = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal("\x93NUMPY", Encoding.Latin1.GetString(file, 0, 6));
        var header = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        Assert.Equal(0, (10 + header) % 64);
        Assert.StartsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (32, 32, ), }", Encoding.Latin1.GetString(file, 10, header), StringComparison.Ordinal);
        Assert.Equal(10 + header + (4 * Area), file.Length);
        Assert.Equal(RedOrBlue.Gain / Area * 0.8, BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(10 + header)), 1e-6);
    }

    [Fact]
    public async Task BadParameters_AreAllNamedAtOnce()
    {
        using var answer = await PostAsync("explain?model=colours&method=x&layout=x&format=x&baseline=x&alpha=2&steps=1&samples=0&noise=1&masks=1&maps=0&seed=-1", RedOrBlue.Picture(1, 2, 3));

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(
            ["alpha", "baseline", "format", "layout", "maps", "masks", "method", "noise", "samples", "seed", "steps"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
    }

    [Theory]
    [InlineData("class=green", HttpStatusCode.NotFound, "class.not-found")]
    [InlineData("layer=nope", HttpStatusCode.NotFound, "layer.not-found")]
    [InlineData("layer=output", HttpStatusCode.UnprocessableEntity, "explain.no-maps")]
    [InlineData("image=nope/x", HttpStatusCode.NotFound, "dataset.not-found")]
    public async Task WhatIsNotThere_IsSaid(string query, HttpStatusCode status, string code)
    {
        using var answer = await PostAsync($"explain?model=colours&{query}", RedOrBlue.Picture(1, 2, 3));

        await ProblemAssert.IsAsync(answer, status, code);
    }

    [Fact]
    public async Task Get_WithoutAPicture_SaysHowToNameOne()
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative("explain?model=colours"));

        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Post_OfWhatIsNoPicture_Is422()
    {
        using var answer = await PostAsync("explain?model=colours", [0xFF, 0xD8, 0xFF, 0xE0, 0, 0]);

        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity);
    }

    private static ByteArrayContent Picture(byte[] file)
    {
        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return content;
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static double[] Map(JsonElement json)
    {
        var rows = json.GetProperty("map").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();
        Assert.Equal((RedOrBlue.Side, RedOrBlue.Side), (rows.Length, rows[0].Length));
        return [.. rows.SelectMany(row => row)];
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] file)
    {
        using var content = Picture(file);
        return await _service.Client.PostAsync(CnnServiceApplication.Relative(path), content);
    }

    private async Task<JsonElement> JsonAsync(string path, byte[] file)
    {
        using var answer = await PostAsync(path, file);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await CnnServiceApplication.JsonAsync(answer);
    }
}
