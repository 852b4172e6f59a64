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
        var known = CoreJson.Options.GetTypeInfo(type).Properties.ToDictionary(field => field.Name, StringComparer.Ordinal);
        if (!TryList(json, [.. besides, .. known.Keys], path, errors, out var fields))
        {
            return false;
        }

        var sound = true;
        foreach (var (name, field) in known)
        {
            var given = fields.TryGetValue(name, out var value);
            sound &= errors.Require(given || !IsRequired(field), Join(path, name), "must be given");
            sound &= !given || CheckValue(value, field.PropertyType, Join(path, name), errors);
        }

        return sound;
    }

    /// <summary>The fields of an object; false, and the faults added, where it is none or holds unknown or repeated fields.</summary>
    public static bool TryList(
        JsonElement json, IReadOnlyList<string> known, string path, NetworkErrors errors, out Dictionary<string, JsonElement> fields)
    {
        fields = new(StringComparer.Ordinal);
        if (!errors.Require(json.ValueKind == JsonValueKind.Object, path, $"must be an object, received {Describe(json)}"))
        {
            return false;
        }

        var sound = true;
        foreach (var field in json.EnumerateObject())
        {
            var name = NameOf(field);
            sound &= name is not null && known.Contains(name, StringComparer.Ordinal)
                ? errors.Require(fields.TryAdd(name, field.Value), Join(path, name), "must be given once")
                : errors.Require(false, Join(path, name ?? "?"), $"is not a field here; the fields are {string.Join(", ", known)}");
        }

        return sound;
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

    /// <summary>What was received, for a message: its JSON, shortened.</summary>
    public static string Describe(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Undefined)
        {
            return "nothing";
        }

        var text = json.GetRawText();
        return text.Length <= MostReceived ? text : $"{text.AsSpan(0, MostReceived)}…";
    }

    private static bool CheckValue(JsonElement json, Type type, string path, NetworkErrors errors) =>
        TryRead(json, type, out _, out var rule) || errors.Require(false, path, $"{rule}, received {Describe(json)}");

    private static bool IsRequired(JsonPropertyInfo field) => field.IsRequired || field.AssociatedParameter is { HasDefaultValue: false };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    // A name may hold an escaped half of a surrogate pair, which is JSON but no text.
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
        { IsEnum: true } t => $"must be one of {string.Join(", ", Enum.GetNames(t).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
        _ => "must be a list of layer names",
    };
}
