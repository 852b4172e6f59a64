using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CnnService.Core.Common;

/// <summary>Reads what people send, field by field, so that every fault is told at once under its JSON path.</summary>
public static class JsonReader
{
    private const int MostReceived = 60;

    /// <summary>
    /// Reads an object as far as it reads: a field that breaks its rule is an error and left at its default, so that the rules
    /// of the others are told too. Null where it is no object or lacks a required field.
    /// Members of type <see cref="JsonElement"/> are left to the caller.
    /// </summary>
    public static T? Read<T>(JsonElement json, ValidationErrors errors, string path = "")
        where T : class
    {
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            return Sound(typeof(T), json, errors, path)?.Deserialize<T>(CoreJson.Options);
        }
        catch (JsonException fault) // Below a member that is left to the caller: a name that is given twice.
        {
            errors.Add(Join(path, (fault.Path ?? string.Empty).TrimStart('$').TrimStart('.')), "must give each name once");
            return null;
        }
    }

    /// <summary>The members that read; null where what they make cannot be made.</summary>
    private static JsonObject? Sound(Type type, JsonElement json, ValidationErrors errors, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(path.Length == 0 ? "$" : path, $"must be an object, received {Describe(json)}");
            return null;
        }

        var fields = CoreJson.Options.GetTypeInfo(type).Properties.Where(field => field.Set is not null).ToDictionary(field => field.Name, StringComparer.Ordinal);
        var sound = new JsonObject();
        foreach (var member in json.EnumerateObject())
        {
            Take(member, fields, sound, errors, path);
        }

        var missing = fields.Values.Where(field => field.IsRequired && !sound.ContainsKey(field.Name)).ToArray();
        foreach (var field in missing.Where(field => !json.TryGetProperty(field.Name, out _)))
        {
            errors.Add(Join(path, field.Name), "must be given");
        }

        return missing.Length == 0 ? sound : null;
    }

    private static void Take(JsonProperty member, Dictionary<string, JsonPropertyInfo> fields, JsonObject sound, ValidationErrors errors, string path)
    {
        var at = Join(path, member.Name);
        if (!fields.TryGetValue(member.Name, out var field))
        {
            errors.Add(at, $"is not a field here; the fields are {string.Join(", ", fields.Keys)}");
        }
        else if (sound.ContainsKey(member.Name))
        {
            errors.Add(at, "must be given once");
        }
        else if (IsNested(field.PropertyType) && (member.Value.ValueKind != JsonValueKind.Null || !field.IsSetNullable))
        {
            if (Sound(field.PropertyType, member.Value, errors, at) is { } nested)
            {
                sound[member.Name] = nested;
            }
        }
        else if (IsLeft(field.PropertyType) || errors.Require(Reads(member.Value, field), at, $"{Rule(field.PropertyType)}, received {Describe(member.Value)}"))
        {
            sound[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }
    }

    private static bool IsLeft(Type type) => type == typeof(JsonElement) || type == typeof(JsonElement?);

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
        { IsEnum: true } t => $"must be one of {string.Join(", ", WireName.All(t))}",
        _ => "must be a list of text",
    };

    /// <summary>What was received, for a message: its JSON, shortened.</summary>
    public static string Describe(JsonElement json)
    {
        var text = json.GetRawText();
        return text.Length <= MostReceived ? text : $"{text[..MostReceived]}…";
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
