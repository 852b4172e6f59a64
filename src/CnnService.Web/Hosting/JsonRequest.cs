using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CnnService.Core.Common;

namespace CnnService.Web.Hosting;

/// <summary>Reads request bodies field by field, so that every fault is told at once under its JSON path.</summary>
internal static class JsonRequest
{
    private const int MostReceived = 60;

    /// <summary>The body as JSON; a body that is none is a problem of its own.</summary>
    public static async Task<Outcome<JsonElement>> BodyAsync(HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
        {
            return new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-media-type", "The body must be application/json.");
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, new JsonDocumentOptions { MaxDepth = 64 }, cancel).ConfigureAwait(false);
            return document.RootElement.Clone();
        }
        catch (JsonException malformed)
        {
            return Problem.Invalid("request.malformed", $"The body is no valid JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine}).");
        }
    }

    /// <summary>Reads an object; null if errors were added. Members of type <see cref="JsonElement"/> are left to the caller.</summary>
    public static T? Read<T>(JsonElement json, ValidationErrors errors, string path = "")
        where T : class => (T?)Read(typeof(T), json, errors, path);

    private static object? Read(Type type, JsonElement json, ValidationErrors errors, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(path.Length == 0 ? "$" : path, $"must be an object, received {Describe(json)}");
            return null;
        }

        var fields = CoreJson.Options.GetTypeInfo(type).Properties.ToDictionary(field => field.Name, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var sound = true;
        foreach (var member in json.EnumerateObject())
        {
            sound &= Check(member, fields, seen, errors, path);
        }

        foreach (var missing in fields.Values.Where(field => field.IsRequired && !seen.Contains(field.Name)))
        {
            errors.Add(Join(path, missing.Name), "must be given");
            sound = false;
        }

        return sound ? json.Deserialize(type, CoreJson.Options) : null;
    }

    private static bool Check(JsonProperty member, Dictionary<string, JsonPropertyInfo> fields, HashSet<string> seen, ValidationErrors errors, string path)
    {
        var at = Join(path, member.Name);
        if (!fields.TryGetValue(member.Name, out var field))
        {
            errors.Add(at, $"is not a field here; the fields are {string.Join(", ", fields.Keys)}");
            return false;
        }

        if (!errors.Require(seen.Add(member.Name), at, "must be given once"))
        {
            return false;
        }

        var type = field.PropertyType;
        if (IsNested(type) && member.Value.ValueKind != JsonValueKind.Null)
        {
            return Read(type, member.Value, errors, at) is not null;
        }

        return type == typeof(JsonElement) || type == typeof(JsonElement?) || errors.Require(Reads(member.Value, type), at, $"{Rule(type)}, received {Describe(member.Value)}");
    }

    private static bool IsNested(Type type) =>
        type.IsClass && type != typeof(string) && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
        && type.Namespace?.StartsWith("CnnService", StringComparison.Ordinal) == true;

    private static bool Reads(JsonElement json, Type type)
    {
        try
        {
            var value = json.Deserialize(type, CoreJson.Options);
            return value is not null || json.ValueKind == JsonValueKind.Null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false; // The caller tells the rule.
        }
    }

    private static string Rule(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(int) || t == typeof(long) => "must be a whole number",
        var t when t == typeof(double) => "must be a number",
        var t when t == typeof(bool) => "must be true or false",
        var t when t == typeof(string) => "must be text",
        { IsEnum: true } t => $"must be one of {string.Join(", ", Enum.GetNames(t).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
        _ => "must be a list of text",
    };

    private static string Describe(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Length <= MostReceived ? text : $"{text[..MostReceived]}…";
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
