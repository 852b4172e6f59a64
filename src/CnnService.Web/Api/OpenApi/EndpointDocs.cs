using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.OpenApi;

/// <summary>What an endpoint tells of itself in the OpenAPI text.</summary>
internal static class EndpointDocs
{
    /// <summary>Declares the problem answers of a route; 401, 403, 429 and 500 can come from any.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<ProblemDetails>(status, Problems.MediaType);
        }

        return route;
    }

    /// <summary>A request body that can be tried as it stands.</summary>
    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder route, string json) => route.WithMetadata(new RequestExample(json));

    /// <summary>A picture that is answered instead of JSON where the request asks for it.</summary>
    public static RouteHandlerBuilder OrPicture(this RouteHandlerBuilder route, string mediaType) => route.WithMetadata(new PictureBesides(mediaType));

    /// <summary>This parameter excludes others that have an example, so it has none here.</summary>
    public static TBuilder WithoutExample<TBuilder>(this TBuilder route, string parameter)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NoExample(parameter));

    /// <summary>The fields of a multipart/form-data body.</summary>
    public static RouteHandlerBuilder WithForm(this RouteHandlerBuilder route, params (string Name, FormFieldKind Kind)[] fields) =>
        route.WithMetadata(new RequestForm(fields));
}

/// <summary>An example of a JSON request body.</summary>
internal sealed record RequestExample(string Json);

/// <summary>A picture that an endpoint answers besides JSON.</summary>
internal sealed record PictureBesides(string MediaType);

/// <param name="Parameter">Its name in the query.</param>
internal sealed record NoExample(string Parameter);

/// <summary>The fields of a form.</summary>
internal sealed record RequestForm(IReadOnlyList<(string Name, FormFieldKind Kind)> Fields);

/// <summary>What a field of a form holds.</summary>
internal enum FormFieldKind
{
    Text,
    Number,
    File,

    /// <summary>The field may be given many times.</summary>
    Files,
}
