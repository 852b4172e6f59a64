using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Hosting;

/// <summary>Errors as the Open Inference Protocol has them: <c>{"error": "…"}</c>, under /v2.</summary>
internal static class InferenceErrors
{
    private static readonly PathString Root = "/v2";

    public static bool Speaks(HttpRequest request) => request.Path.StartsWithSegments(Root);

    /// <summary>Triton's statuses: what is wrong with a request is 400, whatever it is.</summary>
    public static Task WriteAsync(HttpContext http, ProblemDetails details)
    {
        http.Response.StatusCode = details.Status is StatusCodes.Status409Conflict or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status422UnprocessableEntity
            ? StatusCodes.Status400BadRequest
            : details.Status ?? StatusCodes.Status500InternalServerError;
        return http.Response.WriteAsJsonAsync(new { error = details.Detail ?? details.Title }, http.RequestAborted);
    }
}
