using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Refuses what a page of another site sends through its visitor's browser, which reaches loopback too, and compressed bodies;
/// sets the headers that keep answers from being misused.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next)
{
    /// <summary>Nothing in an answer may run in a browser.</summary>
    private const string AnswerRules = "default-src 'none'; frame-ancestors 'none'";

    private const string PageRules =
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Hangfire's pages carry their settings in a script.</summary>
    private const string JobPageRules = PageRules + "; script-src 'self' 'unsafe-inline'";

    private static readonly PathString Docs = "/swagger";

    private static readonly PathString Jobs = "/hangfire";

    public Task InvokeAsync(HttpContext http)
    {
        // When the answer begins: an exception on the way takes back what was set before it.
        http.Response.OnStarting(() =>
        {
            Protect(http);
            return Task.CompletedTask;
        });
        return Refusal(http.Request) is { } problem ? problem.ToResult().ExecuteAsync(http) : next(http);
    }

    private static void Protect(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = IsPage(http.Request) ? PageRules
            : http.Request.Path.StartsWithSegments(Jobs) ? JobPageRules
            : AnswerRules;
    }

    private static Problem? Refusal(HttpRequest request) =>
        IsForeign(request) && !IsLinkToPage(request)
            ? new Problem(ProblemKind.Forbidden, "request.cross-site", "Requests from other web sites are refused.")
            : request.Headers.ContentEncoding.Count > 0
                ? new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-encoding", "Send the body uncompressed.")
                : null;

    /// <summary>A browser says where a page comes from, in headers that the page cannot set.</summary>
    private static bool IsForeign(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
        || (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOwn(origin, request.Host));

    /// <summary>The scheme is not compared: a proxy may have taken TLS off.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>A link from elsewhere may lead to the pages, which cost nothing; work is not begun by a link.</summary>
    private static bool IsLinkToPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document"
        && IsPage(request);

    private static bool IsPage(HttpRequest request) => request.Path == "/" || request.Path.StartsWithSegments(Docs);
}
