using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace CnnService.Web.Tests.Api.Errors;

public sealed class ProblemWriterTests
{
    /// <summary>Else the middleware that asks for the problem reports an error in its handler, and the refusal as unhandled.</summary>
    [Theory]
    [InlineData("/datasets")]
    [InlineData("/v2/models/m/infer")]
    public async Task Write_ClientHasLeft_IsNoFailure(string path)
    {
        var http = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true) };
        http.Request.Path = path;
        http.Response.Body = new MemoryStream();
        http.Response.StatusCode = StatusCodes.Status400BadRequest;

        await new ProblemWriter(Options.Create(new ProblemDetailsOptions()), Options.Create(new JsonOptions()))
            .WriteAsync(new() { HttpContext = http, ProblemDetails = new ProblemDetails() });

        Assert.Equal(StatusCodes.Status400BadRequest, http.Response.StatusCode);
    }
}
