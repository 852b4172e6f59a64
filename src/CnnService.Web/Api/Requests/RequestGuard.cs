using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Rejects cross-site requests from browsers, which can reach loopback addresses too; sets security headers on responses.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next)
{
    /// <summary>Content-Security-Policy of API responses: nothing in them may execute in a browser.</summary>
    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";

    private const string PagePolicy =
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        // Chosen now, because a branch of the pipeline moves the path; set when the response starts, because the exception handler clears
        // headers set earlier.
        var policy = IsPage(http.Request) || http.Request.Path.StartsWithSegments(ServicePages.Jobs) ? PagePolicy : ApiPolicy;
        http.Response.OnStarting(() =>
        {
            AddSecurityHeaders(http.Response.Headers, policy);
            return Task.CompletedTask;
        });
        return FindProblem(http.Request) is { } problem ? problem.ToResult().ExecuteAsync(http) : next(http);
    }

    private static void AddSecurityHeaders(IHeaderDictionary headers, string policy)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = policy; // A page may have one of its own.
        }
    }

    private static Problem? FindProblem(HttpRequest request) =>
        IsCrossSite(request) && !IsLinkToPage(request)
            ? new Problem(ProblemKind.Forbidden, "request.cross-site", "Requests from other web sites are refused.")
            : null;

    /// <summary>Browsers send the origin of a request in headers that a page cannot change.</summary>
    private static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
        || (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsSameHost(origin, request.Host));

    /// <summary>Ignores the scheme: a proxy may terminate TLS.</summary>
    private static bool IsSameHost(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && string.Equals(from.Authority, host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Links from other sites may open pages, which are harmless; they may not start work.</summary>
    private static bool IsLinkToPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document"
        && IsPage(request);

    private static bool IsPage(HttpRequest request) => request.Path == "/"
        || request.Path.StartsWithSegments(ServicePages.Studio) || request.Path.StartsWithSegments(ServicePages.Swagger)
        || request.Path.StartsWithSegments(ServicePages.Manual);
}
