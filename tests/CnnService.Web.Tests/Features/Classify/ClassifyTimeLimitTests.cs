using System.Net;
using System.Net.Http.Headers;
using CnnService.Core.Datasets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CnnService.Web.Tests.Features.Classify;

/// <summary>Images whose decoding does not end until the test does: the callers have their answers before.</summary>
public sealed class ClassifyTimeLimitTests : IAsyncLifetime
{
    private readonly EndlessDecoder _decoder = new();
    private readonly CnnServiceApplication _service;

    public ClassifyTimeLimitTests() => _service = new(
        new() { ["Serving:DefaultTimeout"] = "00:00:00.100" },
        services => services.Replace(ServiceDescriptor.Singleton<IImageDecoder>(_decoder)));

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public async ValueTask DisposeAsync()
    {
        _decoder.End();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task OneImage_Is504()
    {
        using var answer = await PostAsync("classify", "image/png");

        await ProblemAssert.IsAsync(answer, HttpStatusCode.GatewayTimeout, "classify.timeout");
    }

    [Fact]
    public async Task SeveralImages_HaveTheProblemInTheirPlaces()
    {
        using var form = new MultipartFormDataContent();
        foreach (var name in new[] { "a.png", "b.png", "c.png" })
        {
            form.Add(new ByteArrayContent([1]), "files", name);
        }

        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify"), form);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            Enumerable.Repeat("classify.timeout", 3),
            (await CnnServiceApplication.JsonAsync(answer)).GetProperty("results").EnumerateArray()
                .Select(result => result.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task ImageOfTheInferenceProtocol_Is503AsInItsQueue()
    {
        using var answer = await PostAsync("v2/models/colours/infer", "application/octet-stream");

        var error = await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("There was no answer within 0.1 s.", error.GetProperty("error").GetString());
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string mediaType)
    {
        using var content = new ByteArrayContent([1]);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        content.Headers.Add("Inference-Header-Content-Length", "0");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative(path), content);
    }
}
