using System.Text.Json;

namespace CnnService.Web.Tests.Api.OpenApi;

/// <summary>An OpenAPI document with its references followed.</summary>
internal sealed class OpenApiText(JsonElement root)
{
    public const string Address = "swagger/v1/swagger.json";

    private static readonly string[] Verbs = ["get", "put", "post", "delete", "patch"];

    public JsonElement Root => root;

    public JsonElement Schemas => root.GetProperty("components").GetProperty("schemas");

    public IReadOnlyList<(string Name, JsonElement Operation)> Operations =>
    [
        .. from path in root.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where Verbs.Contains(operation.Name)
           select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value),
    ];

    public static async Task<OpenApiText> OfAsync(CnnServiceApplication service) => new(await service.GetJsonAsync(Address));

    public static OpenApiText Parse(string json) => new(JsonDocument.Parse(json).RootElement);

    /// <summary>The element itself, or the component that it refers to.</summary>
    public JsonElement Follow(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name));
        }

        return element;
    }

    public IEnumerable<JsonElement> ParametersOf(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(Follow) : [];

    public IEnumerable<(string Status, JsonElement Answer)> AnswersOf(JsonElement operation) =>
        operation.GetProperty("responses").EnumerateObject().Select(answer => (answer.Name, Follow(answer.Value)));

    /// <summary>The media types of the request body, each with its content; none where there is no body.</summary>
    public IReadOnlyList<JsonProperty> BodiesOf(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body) ? [.. Follow(body).GetProperty("content").EnumerateObject()] : [];

    /// <summary>Every object in the document, with its path.</summary>
    public IEnumerable<(string Path, JsonElement Object)> Objects() => Objects("#", root);

    private static IEnumerable<(string Path, JsonElement Object)> Objects(string path, JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object => at.EnumerateObject().Where(member => member.Name is not ("example" or "enum"))
            .SelectMany(member => Objects($"{path}/{member.Name}", member.Value)).Prepend((path, at)),
        JsonValueKind.Array => at.EnumerateArray().SelectMany((item, index) => Objects($"{path}/{index}", item)),
        _ => [],
    };
}
