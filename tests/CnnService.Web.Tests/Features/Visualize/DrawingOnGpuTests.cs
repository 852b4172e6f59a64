using System.Net;
using System.Net.Http.Headers;
using CnnService.Core.Interpretation.Rendering;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>
/// A GPU that is said to be there, and is not: what goes to it fails, which tells where the service sends what it is asked for.
/// </summary>
public sealed class DrawingOnGpuTests : IAsyncLifetime
{
    private readonly SaidGpu _gpu = new();
    private readonly CnnServiceApplication _service;

    public DrawingOnGpuTests() => _service = new([], services => services.AddSingleton<IDrawingDevice>(_gpu));

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Pattern_WhileTheGpuIsFree_GoesToItUnlessItIsKeptAlready()
    {
        using var before = await GetAsync("visualize/conv_1/0?iterations=16&wait=300");
        _gpu.IsGpuFree = true;
        using var kept = await GetAsync("visualize/conv_1/0?iterations=16&wait=300");
        using var fresh = await GetAsync("visualize/conv_1/1?iterations=16&wait=300");
        using var ofClass = await GetAsync("visualize/classes/red?iterations=16&wait=300");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(before.Headers.ETag, kept.Headers.ETag);
        await ProblemAssert.IsAsync(fresh, HttpStatusCode.UnprocessableEntity, "training.device-unavailable");
        await ProblemAssert.IsAsync(ofClass, HttpStatusCode.UnprocessableEntity, "training.device-unavailable");
        Assert.Equal(0, _gpu.GivenUp); // Nothing was said of its memory.
    }

    [Theory]
    [InlineData("grad-cam", "saliency")]
    [InlineData("occlusion", "rise&samples=100")]
    public async Task Explanation_WhileTheGpuIsFree_GoesToItUnlessItIsKeptAlready(string first, string second)
    {
        using var before = await PostAsync(first);
        _gpu.IsGpuFree = true;
        using var kept = await PostAsync(first);
        using var fresh = await PostAsync(second);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(before.Headers.ETag, kept.Headers.ETag);
        await ProblemAssert.IsAsync(fresh, HttpStatusCode.UnprocessableEntity, "explain.failed");
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _service.Client.GetAsync(CnnServiceApplication.Relative(path));

    private async Task<HttpResponseMessage> PostAsync(string method)
    {
        using var body = new ByteArrayContent(RedOrBlue.Image(200, 0, 50));
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative($"explain?class=red&method={method}"), body);
    }

    private sealed class SaidGpu : IDrawingDevice
    {
        public bool HasGpu => true;

        public bool HasServingGpu => true;

        public bool IsGpuFree { get; set; }

        public int GivenUp { get; private set; }

        public void GiveUpGpu() => GivenUp++;
    }
}
