using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Metadata of endpoints for the OpenAPI document.</summary>
internal static class EndpointDocs
{
    /// <summary>Declares the problem statuses of a route; 401, 403, 429 and 500 are added to all routes.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<ProblemDetails>(status, Problems.MediaType);
        }

        return route;
    }

    /// <summary>Adds an example of the request body that works as it is.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder route, string json) =>
        route.WithMetadata(new RequestExample(json));

    /// <summary>Declares that the route can also answer with an image instead of JSON.</summary>
    public static RouteHandlerBuilder ProducesImage(this RouteHandlerBuilder route, string mediaType) =>
        route.WithMetadata(new AlternativeImageResponse(mediaType));

    /// <summary>Omits the example of a parameter that excludes other parameters with examples.</summary>
    public static TBuilder WithoutExample<TBuilder>(this TBuilder route, string parameter)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NoExample(parameter));

    /// <summary>Declares the fields of a multipart/form-data body.</summary>
    public static RouteHandlerBuilder WithForm(this RouteHandlerBuilder route, params (string Name, FormFieldKind Kind)[] fields) =>
        route.WithMetadata(new RequestForm(fields));
}

/// <summary>An example of a JSON request body.</summary>
internal sealed record RequestExample(string Json);

/// <summary>An image response that an endpoint offers besides JSON.</summary>
internal sealed record AlternativeImageResponse(string MediaType);

/// <summary>Suppresses the example of a query parameter.</summary>
/// <param name="Parameter">The parameter's name.</param>
internal sealed record NoExample(string Parameter);

/// <summary>The fields of a form.</summary>
internal sealed record RequestForm(IReadOnlyList<(string Name, FormFieldKind Kind)> Fields);

/// <summary>The kind of a form field.</summary>
internal enum FormFieldKind
{
    Text,
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,
    File,

    /// <summary>A file field that may occur several times.</summary>
    Files,
}
