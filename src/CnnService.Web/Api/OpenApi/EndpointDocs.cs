using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Metadata of endpoints for the OpenAPI document.</summary>
internal static class EndpointDocs
{
    /// <summary>Declares the problem statuses of a route; those that any route can return need not be.</summary>
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

    /// <summary>
    /// Declares that the route answers with a stored file, parts of which can be had: 206, 304, 412 and 416, and the headers that ask for
    /// them.
    /// </summary>
    public static RouteHandlerBuilder AllowsRanges(this RouteHandlerBuilder route) => route
        .WithHeader("Range", "Bytes of the file to return, such as `bytes=0-1023`; default all.")
        .Produces(206).Produces(304).ProducesProblems(416);

    /// <summary>Omits the example of a parameter that excludes other parameters with examples.</summary>
    public static TBuilder WithoutExample<TBuilder>(this TBuilder route, string parameter)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NoExample(parameter));

    /// <summary>Declares the fields of a multipart/form-data body, described as parameters are.</summary>
    public static RouteHandlerBuilder WithForm(this RouteHandlerBuilder route, params (string Name, FormFieldKind Kind)[] fields) =>
        route.WithMetadata(new RequestForm(fields));

    /// <summary>Declares a header that the route reads.</summary>
    public static TBuilder WithHeader<TBuilder>(this TBuilder route, string name, string description)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequestHeader(name, description));

    /// <summary>Declares that a request can be repeated under the same <c>Idempotency-Key</c>.</summary>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder route) => route.WithHeader("Idempotency-Key",
        "1 to 128 visible ASCII characters of your own: the same key gives the same answer, and the work is started once.");

    /// <summary>
    /// Says which other bodies a route takes: an operation of the document has one media type, because client generators keep no more.
    /// </summary>
    /// <param name="route">A route that accepts several media types, the documented one first or multipart.</param>
    /// <param name="sentence">Ends the route's description.</param>
    public static RouteHandlerBuilder AlsoTakes(this RouteHandlerBuilder route, string sentence) =>
        route.WithMetadata(new OtherBodies(sentence));
}

/// <summary>An example of a JSON request body.</summary>
internal sealed record RequestExample(string Json);

/// <summary>An image response that an endpoint offers besides JSON.</summary>
internal sealed record AlternativeImageResponse(string MediaType);

/// <summary>Suppresses the example of a query parameter.</summary>
/// <param name="Parameter">The parameter's name.</param>
internal sealed record NoExample(string Parameter);

/// <summary>A request header that an endpoint reads.</summary>
internal sealed record RequestHeader(string Name, string Description);

/// <summary>The media types of a request body beside the documented one, as a sentence.</summary>
internal sealed record OtherBodies(string Sentence);

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
