using System.Net;
using System.Net.Http.Headers;
using CnnService.Core.Datasets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>Images whose decoding does not end until the test does: what is drawn of them in a moment has its limit all the same.</summary>
public sealed class MomentTimeLimitTests : IAsyncLifetime
{
    private readonly EndlessDecoder _decoder = new();
    private readonly CnnServiceApplication _service;

    public MomentTimeLimitTests() => _service = new(
        new() { ["Rendering:MomentTimeLimit"] = "00:00:00.100" },
        services => services.Replace(ServiceDescriptor.Singleton<IImageDecoder>(_decoder)));

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public async ValueTask DisposeAsync()
    {
        _decoder.End();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("explain?model=colours")]
    [InlineData("explain?model=colours&method=saliency&format=json")]
    [InlineData("visualize/feature-maps?model=colours")]
    [InlineData("visualize/conv_1?model=colours")]
    [InlineData("visualize/conv_1/0?model=colours&format=json")]
    [InlineData("visualize/conv_1/receptive-field?model=colours")]
    public async Task PostedImage_LongerThanTheLimit_Is504(string path)
    {
        using var content = new ByteArrayContent([1]);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative(path), content);

        await ProblemAssert.IsAsync(answer, HttpStatusCode.GatewayTimeout, "render.timeout");
    }
}
