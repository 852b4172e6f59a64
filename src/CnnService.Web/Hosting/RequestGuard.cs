using CnnService.Core.Common;

namespace CnnService.Web.Hosting;

/// <summary>
/// Refuses what a page of another site sends through its visitor's browser, which reaches loopback too, and compressed bodies;
/// sets the headers that keep answers from being misused.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next)
{
    private const string PageRules =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = PageRules;
        return Refusal(http.Request) is { } problem ? problem.ToResult().ExecuteAsync(http) : next(http);
    }

    private static Problem? Refusal(HttpRequest request) =>
        IsForeign(request)
            ? new Problem(ProblemKind.Forbidden, "request.cross-site", "Requests from other web sites are refused.")
            : request.Headers.ContentEncoding.Count > 0
                ? new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-encoding", "Send the body uncompressed.")
                : null;

    /// <summary>A browser says where a page comes from; following a plain link to a page of ours is no harm.</summary>
    private static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var isNavigation = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
        if (site is "cross-site" or "same-site" && !isNavigation)
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
