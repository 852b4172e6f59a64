using CnnService.Core.Common;

namespace CnnService.Web.Hosting.Security;

/// <summary>
/// Refuses what a page of another site makes a browser send: such a request reaches loopback, and a form or picture tag needs
/// no permission for it. Browsers say where a request comes from in headers that pages cannot set; other clients send none.
/// </summary>
internal sealed class CrossSiteGuard(RequestDelegate next)
{
    /// <summary>Pages that links from elsewhere may lead to. They change nothing and cost nothing.</summary>
    private static readonly PathString[] Pages = ["/", "/swagger"];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        return IsForeign(request) && !IsLinkToPage(request)
            ? new Problem(ProblemKind.Forbidden, "request.cross-site", "Pages of other sites may not call this service.")
                .ToResult().ExecuteAsync(context)
            : next(context);
    }

    private static bool IsForeign(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
        || (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOwn(origin, request.Host));

    /// <summary>The scheme is left out of the comparison: a proxy may have taken off TLS.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, host.Value, StringComparison.OrdinalIgnoreCase);

    private static bool IsLinkToPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document"
        && Pages.Any(page => page == "/" ? request.Path == page : request.Path.StartsWithSegments(page));
}
