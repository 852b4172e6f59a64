using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;

namespace CnnService.Web.Hosting.OpenApi;

/// <summary>An example of a request body, an answer or a parameter: metadata of an endpoint, shown in the OpenAPI text.</summary>
/// <param name="Status">The status of the answer; null: the request.</param>
/// <param name="Parameter">The parameter's name; null: the body.</param>
/// <param name="Value">What stands there.</param>
internal sealed record Example(int? Status, string? Parameter, JsonNode Value);

/// <summary>Attaches examples to endpoints.</summary>
internal static class ExampleExtensions
{
    /// <summary>The body of a request, as JSON text that callers may copy.</summary>
    public static TBuilder WithRequestExample<TBuilder>(this TBuilder endpoint, string json)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Example(null, null, JsonNode.Parse(json)!));

    /// <summary>An answer, written as the service would write it.</summary>
    public static TBuilder WithAnswerExample<TBuilder>(this TBuilder endpoint, object answer, int status = StatusCodes.Status200OK)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Example(status, null, JsonSerializer.SerializeToNode(answer, CoreJson.Options)!));

    /// <summary>A parameter of the path or the query.</summary>
    public static TBuilder WithParameterExample<TBuilder>(this TBuilder endpoint, string parameter, string value)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Example(null, parameter, JsonValue.Create(value)));
}
