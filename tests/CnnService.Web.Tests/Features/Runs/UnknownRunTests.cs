using System.Net;

namespace CnnService.Web.Tests.Features.Runs;

public sealed class UnknownRunTests : IClassFixture<CnnServiceApplication>
{
    private readonly CnnServiceApplication _service;

    public UnknownRunTests(CnnServiceApplication service) => _service = service;

    [Theory]
    [InlineData("GET", "/runs/x")]
    [InlineData("GET", "/runs/x/history")]
    [InlineData("GET", "/runs/x/events")]
    [InlineData("GET", "/runs/x/curves.png")]
    [InlineData("GET", "/runs/x/evaluation")]
    [InlineData("GET", "/runs/x/confusion.png")]
    [InlineData("GET", "/runs/x/mistakes.png")]
    [InlineData("GET", "/runs/x/advice")]
    [InlineData("GET", "/runs/x/tensorboard")]
    [InlineData("POST", "/runs/x/cancel")]
    [InlineData("POST", "/runs/x/resume")]
    [InlineData("DELETE", "/runs/x")]
    public async Task AnyCall_OnAnUnknownRun_IsNotFound(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), CnnServiceApplication.Relative(path));
        using var answer = await _service.Client.SendAsync(request);

        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "run.not-found");
    }
}
