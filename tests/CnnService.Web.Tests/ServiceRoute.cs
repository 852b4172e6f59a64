using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests;

/// <summary>A way to call the service: what the router knows, so that no endpoint is forgotten.</summary>
/// <param name="Method">GET, POST, …; GET where the endpoint takes any.</param>
/// <param name="Pattern">As mapped: <c>/runs/{id}</c>.</param>
/// <param name="Endpoint">The endpoint itself.</param>
internal sealed record ServiceRoute(string Method, string Pattern, RouteEndpoint Endpoint)
{
    /// <summary>What the framework maps for the page's files where the service runs from its build, and no published service has.</summary>
    private const string FilesOfABuild = "{**path:file}";

    /// <summary>A path with a value for every parameter that names nothing there is.</summary>
    public string Path(string value = "nothing")
    {
        var parts = Endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart { IsCatchAll: true } => string.Empty,
            RoutePatternParameterPart parameter => IsNumber(parameter) ? "1" : value,
            _ => throw new NotSupportedException(part.GetType().Name),
        })));
        return "/" + string.Join('/', parts);
    }

    public HttpRequestMessage Request(string value = "nothing") => new(new HttpMethod(Method), CnnServiceApplication.Relative(Path(value)));

    public override string ToString() => $"{Method} {Pattern}";

    /// <summary>Every endpoint of the service, in a fixed order.</summary>
    public static IReadOnlyList<ServiceRoute> Of(CnnServiceApplication application) =>
    [
        .. application.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null // Files of the page, by the hundred.
                && endpoint.RoutePattern.RawText != FilesOfABuild)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => new ServiceRoute(method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint)))
            .DistinctBy(route => route.ToString())
            .OrderBy(route => route.Pattern, StringComparer.Ordinal).ThenBy(route => route.Method, StringComparer.Ordinal),
    ];

    private static bool IsNumber(RoutePatternParameterPart parameter) =>
        parameter.ParameterPolicies.Any(policy => policy.Content is "int" or "long");
}
