using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnService.Benchmarks.Hostile;

/// <summary>An operation of the OpenAPI text.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With parameters in braces.</param>
/// <param name="Parameters">Of path and query.</param>
/// <param name="Bodies">The kinds of body it takes; none if it takes none.</param>
/// <param name="Statuses">The statuses it declares.</param>
internal sealed record ApiOperation(
    string Method, string Path, IReadOnlyList<ApiParameter> Parameters, IReadOnlyList<ApiBody> Bodies, IReadOnlySet<int> Statuses)
{
    /// <summary>The statuses that "default" stands for.</summary>
    private static readonly int[] AnyRoute = [401, 403, 413, 415, 429, 500, 503, 504, 507];

    public override string ToString() => $"{Method} {Path}";

    /// <summary>All operations of a document, in its order.</summary>
    public static IReadOnlyList<ApiOperation> ReadAll(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select Read(document, operation.Name.ToUpperInvariant(), path.Name, operation.Value),
    ];

    /// <summary>The element itself, or the component it refers to.</summary>
    public static JsonElement Resolve(JsonElement document, JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference)
            ? reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name))
            : element;

    private static ApiOperation Read(JsonElement document, string method, string path, JsonElement json) => new(
        method,
        path,
        json.TryGetProperty("parameters", out var parameters)
            ? [.. parameters.EnumerateArray().Select(one => Resolve(document, one))
                .Where(one => one.GetProperty("in").GetString() != "header").Select(one => Parameter(document, one))]
            : [],
        json.TryGetProperty("requestBody", out var body)
            ? [.. Resolve(document, body).GetProperty("content").EnumerateObject().Select(content => Body(document, content))]
            : [],
        json.GetProperty("responses").EnumerateObject()
            .SelectMany(answer => int.TryParse(answer.Name, out var status) ? [status] : AnyRoute).ToHashSet());

    private static ApiParameter Parameter(JsonElement document, JsonElement json)
    {
        var schema = Resolve(document, json.GetProperty("schema"));
        return new(
            json.GetProperty("name").GetString()!,
            json.GetProperty("in").GetString() == "path",
            schema.TryGetProperty("type", out var type) ? type.GetString()! : "string",
            schema.TryGetProperty("enum", out var choices) ? [.. choices.EnumerateArray().Select(choice => choice.ToString())] : [],
            json.TryGetProperty("example", out var example) ? example.ToString() : null);
    }

    private static ApiBody Body(JsonElement document, JsonProperty content) => new(
        content.Name,
        content.Value.TryGetProperty("schema", out var schema) ? Resolve(document, schema) : default,
        content.Value.TryGetProperty("example", out var example) ? JsonNode.Parse(example.GetRawText()) : null);
}
