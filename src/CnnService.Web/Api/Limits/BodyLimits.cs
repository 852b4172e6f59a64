using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Limits;

/// <summary>Limits of the request bodies of routes that take files; routing applies them before the body is read.</summary>
internal static class BodyLimits
{
    /// <summary>Allows larger request bodies on a route than the server's default.</summary>
    /// <param name="route">The route.</param>
    /// <param name="bytes">Chooses the limit in bytes.</param>
    public static TRoute AllowBody<TRoute>(this TRoute route, Func<LimitOptions, long> bytes)
        where TRoute : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(
            new BodyLimit(bytes(endpoint.ApplicationServices.GetRequiredService<IOptions<LimitOptions>>().Value))));
        return route;
    }

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
