using System.Net;

namespace CnnService.Web.Tests.Features.Inference;

public sealed class InferenceRepositoryErrorTests : IClassFixture<ColoursService>
{
    private readonly CnnServiceApplication _service;

    public InferenceRepositoryErrorTests(ColoursService colours) => _service = colours.Service;

    [Theory]
    [InlineData("v2/repository/models/colours/load", """{"parameters":{"config":"{}"}}""", HttpStatusCode.NotImplemented)]
    [InlineData("v2/repository/models/colours/load", """{"parameters":{"file:1/model.onnx":"AAAA"}}""", HttpStatusCode.NotImplemented)]
    [InlineData("v2/repository/models/colours/load", "{", HttpStatusCode.BadRequest)]
    [InlineData("v2/repository/models/colours/load", "[]", HttpStatusCode.BadRequest)]
    [InlineData("v2/repository/models/colours/unload", "{", HttpStatusCode.BadRequest)]
    [InlineData("v2/repository/models/colours/unload", "no json", HttpStatusCode.BadRequest)]
    [InlineData("v2/repository/models/colours/unload", "7", HttpStatusCode.BadRequest)]
    [InlineData("v2/repository/index", "[", HttpStatusCode.BadRequest)]
    [InlineData("v2/repository/models/none/load", "", HttpStatusCode.NotFound)]
    [InlineData("v2/repository/models/none/unload", "", HttpStatusCode.NotFound)]
    public async Task WhatCannotBeDone_IsTheProtocolsError(string path, string body, HttpStatusCode status)
    {
        using var content = new StringContent(body);
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative(path), content);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("error", Assert.Single((await CnnServiceApplication.JsonAsync(answer)).EnumerateObject()).Name);
        // Nothing was unloaded by it.
        Assert.True((await _service.GetJsonAsync("v2/models/colours/ready")).GetProperty("ready").GetBoolean());
    }
}
