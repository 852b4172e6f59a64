using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.Errors;

/// <summary>Errors in the format of the Open Inference Protocol, <c>{"error": "…"}</c>, for routes under /v2.</summary>
internal static class InferenceErrors
{
    /// <summary>Code for features of the protocol that this service does not implement.</summary>
    public const string Unsupported = "inference.unsupported";

    private static readonly PathString Root = "/v2";

    public static bool AppliesTo(HttpRequest request) => request.Path.StartsWithSegments(Root);

    /// <summary>Uses Triton's statuses: 400 for all faults of a request, 503 also for a timeout, 501 for unsupported features.</summary>
    public static Task WriteAsync(HttpContext http, ProblemDetails details)
    {
        http.Response.StatusCode = details.Status switch
        {
            _ when details.Extensions.TryGetValue("code", out var code) && code is Unsupported => StatusCodes.Status501NotImplemented,
            StatusCodes.Status409Conflict or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status422UnprocessableEntity =>
                StatusCodes.Status400BadRequest,
            StatusCodes.Status504GatewayTimeout => StatusCodes.Status503ServiceUnavailable,
            _ => details.Status ?? StatusCodes.Status500InternalServerError,
        };
        return http.Response.WriteAsJsonAsync(new InferenceError(TextOf(details) ?? string.Empty), http.RequestAborted);
    }

    /// <summary>What is wrong, in the single sentence that the protocol has: broken rules are listed in it.</summary>
    public static string? TextOf(ProblemDetails details) =>
        details.Extensions.TryGetValue("errors", out var found) && found is IReadOnlyDictionary<string, IReadOnlyList<string>> errors
            ? string.Join("; ", errors.SelectMany(one => one.Value.Select(rule => $"{one.Key} {rule}")))
            : details.Detail ?? details.Title;
}
