using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Request bodies compressed by gzip or deflate, on the routes that take such; what they become is bounded as the route's plain bodies
/// are. Other routes refuse them.
/// </summary>
internal static class CompressedBodies
{
    private static readonly string[] Encodings = ["gzip", "deflate"];

    public static IServiceCollection AddCompressedBodies(this IServiceCollection services) =>
        services.AddRequestDecompression(options => options.DecompressionProviders.Remove("br"));

    /// <summary>Decompresses while the body is read; stands behind routing and behind what admits a request.</summary>
    public static IApplicationBuilder UseCompressedBodies(this IApplicationBuilder app) => app.UseWhen(
        IsCompressed,
        compressed => compressed.Use(RefuseOthersAsync).UseRequestDecompression().Use((HttpContext http, RequestDelegate next) =>
        {
            http.Request.ContentLength = null; // It told the compressed length.
            return next(http);
        }));

    /// <summary>Takes compressed bodies on a route.</summary>
    public static TRoute AllowCompressed<TRoute>(this TRoute route)
        where TRoute : IEndpointConventionBuilder => route.WithMetadata(Marker.Instance);

    private static Task RefuseOthersAsync(HttpContext http, RequestDelegate next) => AreTaken(http) ? next(http)
        : new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-encoding", "Send the body uncompressed.")
            .ToResult().ExecuteAsync(http);

    private static bool IsCompressed(HttpContext http) =>
        http.Request.Headers.ContentEncoding.Any(coding => !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the route takes a body so compressed.</summary>
    private static bool AreTaken(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<Marker>() is not null
        && http.Request.Headers.ContentEncoding is [var coding] && Encodings.Contains(coding, StringComparer.OrdinalIgnoreCase);

    private sealed class Marker
    {
        public static Marker Instance { get; } = new();
    }
}
