using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using ProblemDetails = Microsoft.AspNetCore.Mvc.ProblemDetails;

namespace CnnService.Web.Api.Errors;

/// <summary>
/// Writes problem responses whatever the client's Accept header says, so that a client that asks for an image gets errors too. Adds
/// Retry-After to 429 and 503.
/// </summary>
internal sealed class ProblemWriter(IOptions<ProblemDetailsOptions> options, IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    private const string ShortWait = "1";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var details = context.ProblemDetails;
        details.Status ??= response.StatusCode;
        details.Title ??= ReasonPhrases.GetReasonPhrase(details.Status.Value);
        options.Value.CustomizeProblemDetails?.Invoke(context);
        details.Extensions["traceId"] = System.Diagnostics.Activity.Current?.Id ?? context.HttpContext.TraceIdentifier;
        details.Extensions["requestId"] = context.HttpContext.TraceIdentifier;
        response.StatusCode = details.Status.Value;
        if (details.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            RequestMetrics.CountRefusal(details.Status.Value, $"{details.Extensions["code"]}");
            response.Headers.RetryAfter = response.Headers.RetryAfter.Count == 0 ? ShortWait : response.Headers.RetryAfter;
        }

        try
        {
            await SendAsync(context.HttpContext, details);
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            // The client has left: nobody reads it, and a writer that fails would have the handled failure logged as an unhandled one.
        }
    }

    private async Task SendAsync(HttpContext http, ProblemDetails details)
    {
        if (GrpcErrors.AppliesTo(http.Request))
        {
            GrpcErrors.Write(http, details);
            return;
        }

        if (InferenceErrors.AppliesTo(http.Request))
        {
            await InferenceErrors.WriteAsync(http, details);
            return;
        }

        await http.Response.WriteAsJsonAsync(details, json.Value.SerializerOptions, Problems.MediaType, http.RequestAborted);
    }
}
