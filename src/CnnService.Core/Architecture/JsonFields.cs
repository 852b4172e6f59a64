using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Holds the fields of a JSON object to those of a type, one by one, so that every fault is told and not only the first.</summary>
internal static class JsonFields
{
    private const int MostReceived = 60;

    /// <summary>True if the object deserializes to the type; otherwise every fault has been added.</summary>
    /// <param name="json">The object.</param>
    /// <param name="type">A record.</param>
    /// <param name="besides">Fields that the type does not know but the object may have.</param>
    /// <param name="path">Where the object lies in the network.</param>
    /// <param name="errors">Gets the faults.</param>
    public static bool Check(JsonElement json, Type type, IReadOnlyList<string> besides, string path, NetworkErrors errors)
    {
        var before = errors.Count;
        var known = CoreJson.Options.GetTypeInfo(type).Properties
            .Where(field => field.Set is not null)
            .ToDictionary(field => field.Name, StringComparer.Ordinal);
        if (List(json, [.. besides, .. known.Keys], path, errors) is not { } fields)
        {
            return false;
        }

        foreach (var (name, field) in known)
        {
            if (fields.TryGetValue(name, out var value))
            {
                CheckValue(value, field.PropertyType, Join(path, name), errors);
            }
            else
            {
                errors.Require(!IsRequired(field), Join(path, name), "must be given");
            }
        }

        return errors.Count == before;
    }

    /// <summary>The known fields of an object; unknown and repeated ones are added as faults. Null where it is no object.</summary>
    public static Dictionary<string, JsonElement>? List(JsonElement json, IReadOnlyList<string> known, string path, NetworkErrors errors)
    {
        if (!errors.Require(json.ValueKind == JsonValueKind.Object, path, $"must be an object, received {Describe(json)}"))
        {
            return null;
        }

        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in json.EnumerateObject())
        {
            var name = NameOf(field);
            if (name is not null && known.Contains(name, StringComparer.Ordinal))
            {
                errors.Require(fields.TryAdd(name, field.Value), Join(path, name), "must be given once");
            }
            else
            {
                errors.Add(Join(path, name ?? "?"), $"is not a field here; the fields are {string.Join(", ", known)}");
            }
        }

        return fields;
    }

    /// <summary>Reads one value; false, and the rule it breaks, where it does not read.</summary>
    public static bool TryRead(JsonElement json, Type type, out object? value, out string rule)
    {
        rule = RuleOf(type);
        value = null;
        if (json.ValueKind == JsonValueKind.Null && type == typeof(double))
        {
            return false;
        }

        try
        {
            value = json.Deserialize(type, CoreJson.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The value of a field; undefined where the object has none of that name.</summary>
    public static JsonElement Find(JsonElement json, string name) =>
        json.EnumerateObject().FirstOrDefault(field => NameOf(field) == name).Value;

    /// <summary>What was received, for a message: its JSON, shortened.</summary>
    public static string Describe(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Undefined)
        {
            return "nothing";
        }

        // Bytes, since the text of an element may be no valid UTF-8.
        var bytes = JsonMarshal.GetRawUtf8Value(json);
        return bytes.Length <= MostReceived ? Encoding.UTF8.GetString(bytes) : $"{Encoding.UTF8.GetString(bytes[..MostReceived])}…";
    }

    private static void CheckValue(JsonElement json, Type type, string path, NetworkErrors errors) =>
        errors.Require(TryRead(json, type, out _, out var rule), path, $"{rule}, received {Describe(json)}");

    private static bool IsRequired(JsonPropertyInfo field) => field.IsRequired || field.AssociatedParameter is { HasDefaultValue: false };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    // A name may hold half a surrogate pair or invalid UTF-8: JsonDocument lets both pass, but neither is text.
    private static string? NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string RuleOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(int) => "must be a whole number",
        var t when t == typeof(double) => "must be a number",
        var t when t == typeof(bool) => "must be true or false",
        var t when t == typeof(string) => "must be text",
        var t when t == typeof(Size2) => "must be a whole number or [height, width]",
        var t when t == typeof(Padding2) => "must be \"same\", \"valid\", a whole number, [height, width] or [top, left, bottom, right]",
        var t when t == typeof(Units) => "must be a whole number from 1 or \"classes\"",
        { IsEnum: true } t => $"must be one of {string.Join(", ", WireName.All(t))}",
        _ => "must be a list of layer names",
    };
}
