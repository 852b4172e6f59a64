using System.Net;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>/visualize/classes and /visualize/{layer}/kernels.</summary>
public class ClassImagesApiTests(ServiceWithModel fixture) : IClassFixture<ServiceWithModel>
{
    private readonly CnnServiceApplication _service = fixture.Service;

    [Theory]
    [InlineData("red", 0)]
    [InlineData("blue", 1)]
    [InlineData("1", 1)]
    public async Task ClassImage_IsNamedSoByTheServedNetwork(string named, int index)
    {
        var found = await _service.GetJsonAsync($"visualize/classes/{named}?model=colours&iterations=64&wait=120&format=json");

        Assert.Equal((index, RedOrBlue.Classes[index], RedOrBlue.Classes[index]),
            (found.GetProperty("index").GetInt32(), found.GetProperty("class").GetString(), found.GetProperty("predicted").GetString()));
        // An image all of its colour has the gain itself.
        Assert.InRange(found.GetProperty("logit").GetDouble(), 0.75 * RedOrBlue.Gain, RedOrBlue.Gain);
        Assert.Equal("ok", found.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Sheet_HasAllClasses_AndTheSameBytesAgain()
    {
        using var first = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/classes?iterations=16&wait=120"));
        using var second = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/classes?iterations=16&wait=120"));

        Assert.Equal("image/png", first.Content.Headers.ContentType?.MediaType);
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await second.Content.ReadAsByteArrayAsync());
        Assert.Equal(2, (await _service.GetJsonAsync("visualize/classes?iterations=16&wait=120&format=json")).GetArrayLength());
    }

    [Fact]
    public async Task ClassImage_Against_IsNamedTheOtherClass()
    {
        var found = await _service.GetJsonAsync(
            "visualize/classes/red?model=colours&iterations=64&wait=120&format=json&direction=-1&transforms=none");

        Assert.Equal("blue", found.GetProperty("predicted").GetString());
        Assert.InRange(found.GetProperty("logit").GetDouble(), 0, 0.25 * RedOrBlue.Gain); // Nearly without its colour.
    }

    [Theory]
    [InlineData("visualize/classes/green", HttpStatusCode.NotFound, "class.not-found")]
    [InlineData("visualize/classes?offset=2", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("visualize/classes?count=65", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("visualize/classes/red?iterations=15", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("visualize/classes/red?diversity=2", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("visualize/classes/red?objective=neuron", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("visualize/output/0/kernels", HttpStatusCode.UnprocessableEntity, "layer.no-kernels")]
    [InlineData("visualize/conv_1/0/kernels?kind=x&normalize=x&in=x", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("visualize/conv_1/0/kernels?in=7..9", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task WhatIsNotThere_IsSaid(string path, HttpStatusCode status, string code)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));

        await ProblemAssert.IsAsync(answer, status, code);
    }

    [Fact]
    public async Task Kernels_AsImageAndAsNumbers()
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/conv_1/kernels"));
        var numbers = await _service.GetJsonAsync("visualize/conv_1/1/kernels?format=json");

        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0, 0, 1], numbers.GetProperty("weights").EnumerateArray().Select(weight => weight.GetInt32()));
        Assert.Equal([3, 1, 1], numbers.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
    }
}
