using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CnnService.Core.Common;

namespace CnnService.Web.Hosting;

/// <summary>Reads request bodies field by field, so that every fault is told at once under its JSON path.</summary>
internal static class JsonRequest
{
    private const int MostReceived = 60;

    private static readonly JsonSerializerOptions Lenient = new(CoreJson.Options)
    {
        TypeInfoResolver = CoreJson.Options.TypeInfoResolver!.WithAddedModifier(info =>
        {
            foreach (var field in info.Properties)
            {
                field.IsRequired = false;
            }
        }),
    };

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
        where T : class
    {
        var fault = false;
        var sound = Sound(typeof(T), json, errors, path, ref fault);
        return fault ? null : sound.Deserialize<T>(CoreJson.Options);
    }

    /// <summary>
    /// Reads what is sound of an object, and defaults for the rest, so that the caller can hold the sound part to its rules in the
    /// same turn; null where it is no object. A required member that is not sound is null.
    /// </summary>
    public static T? ReadSound<T>(JsonElement json, ValidationErrors errors, string path = "")
        where T : class
    {
        var fault = false;
        return Sound(typeof(T), json, errors, path, ref fault)?.Deserialize<T>(Lenient);
    }

    /// <summary>The members of an object that read; null where it is none.</summary>
    private static JsonObject? Sound(Type type, JsonElement json, ValidationErrors errors, string path, ref bool fault)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(path.Length == 0 ? "$" : path, $"must be an object, received {Describe(json)}");
            fault = true;
            return null;
        }

        var fields = CoreJson.Options.GetTypeInfo(type).Properties.ToDictionary(field => field.Name, StringComparer.Ordinal);
        var sound = new JsonObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!fields.TryGetValue(member.Name, out var field))
            {
                errors.Add(Join(path, member.Name), $"is not a field here; the fields are {string.Join(", ", fields.Keys)}");
                fault = true;
            }
            else if (!errors.Require(seen.Add(member.Name), Join(path, member.Name), "must be given once"))
            {
                fault = true;
            }
            else
            {
                AddSound(sound, field, member, errors, Join(path, member.Name), ref fault);
            }
        }

        foreach (var missing in fields.Values.Where(field => field.IsRequired && !seen.Contains(field.Name)))
        {
            errors.Add(Join(path, missing.Name), "must be given");
            fault = true;
        }

        return sound;
    }

    private static void AddSound(JsonObject sound, JsonPropertyInfo field, JsonProperty member, ValidationErrors errors, string at, ref bool fault)
    {
        var (type, json) = (field.PropertyType, member.Value);
        if (IsNested(type) && (json.ValueKind != JsonValueKind.Null || !field.IsSetNullable))
        {
            if (Sound(type, json, errors, at, ref fault) is { } nested)
            {
                sound[member.Name] = nested;
            }
        }
        else if (Reads(json, field))
        {
            sound[member.Name] = json.ValueKind == JsonValueKind.Null ? null : JsonSerializer.SerializeToNode(json);
        }
        else
        {
            errors.Add(at, $"{Rule(type)}, received {Describe(json)}");
            fault = true;
        }
    }

    private static bool IsNested(Type type) =>
        type.IsClass && type != typeof(string) && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
        && type.Namespace?.StartsWith("CnnService", StringComparison.Ordinal) == true;

    private static bool Reads(JsonElement json, JsonPropertyInfo field)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return field.IsSetNullable && (!field.PropertyType.IsValueType || Nullable.GetUnderlyingType(field.PropertyType) is not null);
        }

        try
        {
            return json.Deserialize(field.PropertyType, CoreJson.Options) is not null;
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
