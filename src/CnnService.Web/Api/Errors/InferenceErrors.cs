using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.Errors;

/// <summary>Errors as the Open Inference Protocol has them: <c>{"error": "…"}</c>, under /v2.</summary>
internal static class InferenceErrors
{
    /// <summary>The code of what the protocol knows and this service does not do.</summary>
    public const string Unsupported = "inference.unsupported";

    private static readonly PathString Root = "/v2";

    public static bool Speaks(HttpRequest request) => request.Path.StartsWithSegments(Root);

    /// <summary>Triton's statuses: what is wrong with a request is 400, whatever it is; what came too late was unavailable.</summary>
    public static Task WriteAsync(HttpContext http, ProblemDetails details)
    {
        http.Response.StatusCode = details.Status switch
        {
            _ when details.Extensions.TryGetValue("code", out var code) && code is Unsupported => StatusCodes.Status501NotImplemented,
            StatusCodes.Status409Conflict or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status422UnprocessableEntity => StatusCodes.Status400BadRequest,
            StatusCodes.Status504GatewayTimeout => StatusCodes.Status503ServiceUnavailable,
            _ => details.Status ?? StatusCodes.Status500InternalServerError,
        };
        return http.Response.WriteAsJsonAsync(new { error = details.Detail ?? details.Title }, http.RequestAborted);
    }
}
