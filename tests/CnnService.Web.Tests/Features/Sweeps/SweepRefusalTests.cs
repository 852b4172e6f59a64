using System.Net;
using System.Text;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Sweeps;

public sealed class SweepRefusalTests : IClassFixture<SweepService>
{
    private readonly CnnServiceApplication _service;

    public SweepRefusalTests(SweepService sweeps) => _service = sweeps.Service;

    [Theory]
    [InlineData("""{"base":{"dataset":"pets"},"grid":{"batchSize":[16,0]}}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"base":{"dataset":"none"},"grid":{"batchSize":[16,0]}}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"base":{"dataset":"../x"},"grid":{"batchSize":[16]}}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"base":{"dataset":"pets"},"grid":{"seed":[1,2,3,4,5,6,7,8,9]}}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"base":{"dataset":"none"},"grid":{"batchSize":[16]}}""", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("""{"base":{"dataset":"arriving"},"grid":{"batchSize":[16]}}""", HttpStatusCode.Conflict, "dataset.importing")]
    [InlineData("""{"base":{"dataset":"one"},"grid":{"batchSize":[16]}}""", HttpStatusCode.UnprocessableEntity, "dataset.single-class")]
    [InlineData("""{"base":{"dataset":"blind"},"grid":{"batchSize":[16]}}""", HttpStatusCode.UnprocessableEntity, "dataset.no-validation")]
    [InlineData("""{"base":""", HttpStatusCode.BadRequest, "request.malformed")]
    [InlineData("7", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task Start_OfWhatCannotBeTrained_IsAProblemAndQueuesNothing(string body, HttpStatusCode status, string code)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("/sweeps"), content);

        await ProblemAssert.IsAsync(answer, status, code);
        Assert.Empty(await _service.Services.GetRequiredService<RunStore>().ListAsync(10, null));
        Assert.Equal(0, (await _service.GetJsonAsync("/sweeps")).GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("GET", "/sweeps/x")]
    [InlineData("GET", "/sweeps/x/plot.png")]
    [InlineData("POST", "/sweeps/x/cancel")]
    [InlineData("DELETE", "/sweeps/x")]
    public async Task AnyCall_OnAnUnknownSweep_IsNotFound(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), CnnServiceApplication.Relative(path));
        using var answer = await _service.Client.SendAsync(request);

        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "sweep.not-found");
    }
}
