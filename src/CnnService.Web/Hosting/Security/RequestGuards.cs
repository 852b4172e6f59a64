using CnnService.Core.Common;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Hosting.Security;

/// <summary>What holds for every request and answer, before any endpoint is chosen.</summary>
internal static class RequestGuards
{
    /// <summary>Nothing of an answer may run in a page.</summary>
    private const string Closed = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>The service's own pages: their scripts and styles come from files, Hangfire's and Swagger's partly inline.</summary>
    private const string Pages =
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    private static readonly PathString[] PagePaths = ["/swagger", "/hangfire", "/dashboard"];

    public static IApplicationBuilder UseRequestGuards(this IApplicationBuilder app) =>
        app.Use(SetHeaders).UseMiddleware<CrossSiteGuard>().Use(RefuseCompressed);

    private static Task SetHeaders(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        var isPage = context.Request.Path == "/" || PagePaths.Any(page => context.Request.Path.StartsWithSegments(page));
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = isPage ? Pages : Closed;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }

    /// <summary>A few compressed bytes may stand for gigabytes: bodies are taken as they are or not at all.</summary>
    private static Task RefuseCompressed(HttpContext context, RequestDelegate next) =>
        context.Request.Headers.ContainsKey(HeaderNames.ContentEncoding)
            ? new Problem(ProblemKind.UnsupportedMedia, "request.compressed", "Request bodies must not be compressed (Content-Encoding).")
                .ToResult().ExecuteAsync(context)
            : next(context);
}
