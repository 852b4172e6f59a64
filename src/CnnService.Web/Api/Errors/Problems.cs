using CnnService.Core.Common;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.Errors;

/// <summary>Maps problems to HTTP; the only place that does.</summary>
internal static class Problems
{
    public const string MediaType = "application/problem+json";

    /// <summary>The code of what no route answers.</summary>
    public const string NoSuchRoute = "request.no-such-route";

    public static int StatusOf(ProblemKind kind) => kind switch
    {
        ProblemKind.Invalid => 400,
        ProblemKind.Unauthorized => 401,
        ProblemKind.Forbidden => 403,
        ProblemKind.NotFound => 404,
        ProblemKind.Conflict => 409,
        ProblemKind.TooLarge => 413,
        ProblemKind.UnsupportedMedia => 415,
        ProblemKind.Unprocessable => 422,
        ProblemKind.TooMany => 429,
        ProblemKind.Unavailable => 503,
        ProblemKind.Timeout => 504,
        ProblemKind.StorageFull => 507,
        _ => 500,
    };

    /// <summary>The problem code for a status set by the server or a middleware.</summary>
    public static string CodeOf(int status) => status switch
    {
        400 => "request.invalid",
        401 => "auth.required",
        403 => "auth.forbidden",
        404 => NoSuchRoute,
        405 => "request.method-not-allowed",
        408 => "request.too-slow",
        413 => "request.too-large",
        415 => "request.unsupported-media-type",
        429 => "request.too-many",
        499 => "request.cancelled",
        _ => status < 500 ? "request.refused" : "service.failed",
    };

    public static ProblemResult ToResult(this Problem problem) => new(problem);

    public static ProblemDetails ToDetails(Problem problem)
    {
        var details = new ProblemDetails { Status = StatusOf(problem.Kind), Detail = problem.Detail };
        details.Extensions["code"] = problem.Code;
        if (problem.Errors.Count > 0)
        {
            details.Extensions["errors"] = problem.Errors;
        }

        foreach (var (key, value) in problem.Data)
        {
            details.Extensions[key] = value;
        }

        return details;
    }
}
