using System.Net;
using System.Text;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Train;

public sealed class TrainRefusalTests : IClassFixture<TrainService>
{
    private readonly CnnServiceApplication _service;

    public TrainRefusalTests(TrainService train) => _service = train.Service;

    [Theory]
    [InlineData("""{"dataset":"none"}""", HttpStatusCode.NotFound, "dataset.not-found")]
    [InlineData("""{"dataset":"arriving"}""", HttpStatusCode.Conflict, "dataset.importing")]
    [InlineData("""{"dataset":"one"}""", HttpStatusCode.UnprocessableEntity, "dataset.single-class")]
    [InlineData("""{"dataset":"gap"}""", HttpStatusCode.UnprocessableEntity, "dataset.empty-class")]
    [InlineData("""{"dataset":"pets","epochs":0}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"dataset":"pets","architecture":{"input":{},"input":{}}}""", HttpStatusCode.BadRequest, "request.malformed")]
    [InlineData("""{"dataset":"pets","optimizer":null}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"dataset":"pets","requires":["GPU"]}""", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("""{"dataset":"pets","requires":["site=north"]}""", HttpStatusCode.UnprocessableEntity, "run.no-worker")]
    [InlineData("""{"dataset":""", HttpStatusCode.BadRequest, "request.malformed")]
    [InlineData("", HttpStatusCode.BadRequest, "request.malformed")]
    public async Task Train_OfWhatCannotBeTrained_IsAProblem(string body, HttpStatusCode status, string code)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("/train"), content);

        await ProblemAssert.IsAsync(answer, status, code);
        Assert.Empty(await _service.Services.GetRequiredService<RunStore>().ListAsync(10, null));
    }
}
