using System.Text.Json;
using System.Text.RegularExpressions;

namespace CnnService.Web.Tests.Api.OpenApi;

/// <summary>Holds JSON values to the schemas of an OpenAPI document: the part of JSON Schema that this document uses.</summary>
internal static class SchemaCheck
{
    /// <summary>What breaks the schema, each with its path; empty if the value is valid.</summary>
    public static IEnumerable<string> Faults(OpenApiText text, JsonElement schema, JsonElement value, string path = "$")
    {
        schema = text.Follow(schema);
        if (value.ValueKind == JsonValueKind.Null)
        {
            return Is(schema, "nullable") ? [] : [$"{path} is null"];
        }

        var faults = AllOf(schema).SelectMany(part => Faults(text, part, value, path));
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)))
        {
            faults = faults.Append($"{path} is none of the words");
        }

        return [.. faults, .. schema.TryGetProperty("type", out var type) ? OfType(text, type.GetString()!, schema, value, path) : []];
    }

    private static IEnumerable<string> OfType(OpenApiText text, string type, JsonElement schema, JsonElement value, string path) =>
        (type, value.ValueKind) switch
        {
            ("object", JsonValueKind.Object) => Object(text, schema, value, path),
            ("array", JsonValueKind.Array) => Array(text, schema, value, path),
            ("string", JsonValueKind.String) => Text(schema, value.GetString()!, path),
            ("boolean", JsonValueKind.True or JsonValueKind.False) => [],
            ("number", JsonValueKind.Number) => Number(schema, value.GetDouble(), path),
            ("integer", JsonValueKind.Number) when value.TryGetInt64(out _) => Number(schema, value.GetDouble(), path),
            _ => [$"{path} is no {type}"],
        };

    private static IEnumerable<string> Object(OpenApiText text, JsonElement schema, JsonElement value, string path)
    {
        // A base that tells its kinds apart hands over to the kind.
        if (schema.TryGetProperty("discriminator", out var told))
        {
            var kind = value.TryGetProperty(told.GetProperty("propertyName").GetString()!, out var named) ? named.GetString() : null;
            if (kind is null || !told.GetProperty("mapping").TryGetProperty(kind, out var reference))
            {
                return [$"{path} is of no known kind"];
            }

            var whole = text.Schemas.GetProperty(reference.GetString()!.Split('/')[^1]);
            var known = Names(schema).Concat(Names(whole)).ToHashSet();
            return
            [
                .. Members(text, schema, value, path, known), .. Members(text, whole, value, path, known),
                .. value.EnumerateObject().Where(member => !known.Contains(member.Name))
                    .Select(member => $"{path}.{member.Name} is unknown"),
            ];
        }

        return Members(text, schema, value, path, [.. Names(schema)]);
    }

    private static IEnumerable<string> Members(
        OpenApiText text, JsonElement schema, JsonElement value, string path, HashSet<string> known)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)))
            {
                yield return $"{path}.{name.GetString()} is missing";
            }
        }

        foreach (var member in value.EnumerateObject())
        {
            var inner = $"{path}.{member.Name}";
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(member.Name, out var property))
            {
                foreach (var fault in Faults(text, property, member.Value, inner))
                {
                    yield return fault;
                }
            }
            else if (!known.Contains(member.Name) && schema.TryGetProperty("additionalProperties", out var others))
            {
                foreach (var fault in others.ValueKind == JsonValueKind.False
                    ? [$"{inner} is unknown"]
                    : others.ValueKind == JsonValueKind.Object ? Faults(text, others, member.Value, inner) : [])
                {
                    yield return fault;
                }
            }
        }
    }

    private static IEnumerable<string> Array(OpenApiText text, JsonElement schema, JsonElement value, string path)
    {
        var count = value.GetArrayLength();
        string[] faults = count < Limit(schema, "minItems", 0) || count > Limit(schema, "maxItems", double.MaxValue)
            ? [$"{path} has {count} items"]
            : [];
        return faults.Concat(schema.TryGetProperty("items", out var items)
            ? value.EnumerateArray().SelectMany((item, index) => Faults(text, items, item, $"{path}[{index}]"))
            : []);
    }

    private static IEnumerable<string> Text(JsonElement schema, string value, string path)
    {
        if (value.Length < Limit(schema, "minLength", 0) || value.Length > Limit(schema, "maxLength", double.MaxValue))
        {
            yield return $"{path} has {value.Length} characters";
        }

        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value, pattern.GetString()!))
        {
            yield return $"{path} does not match";
        }
    }

    private static IEnumerable<string> Number(JsonElement schema, double value, string path)
    {
        var (least, most) = (Limit(schema, "minimum", double.MinValue), Limit(schema, "maximum", double.MaxValue));
        if (value < least || value > most || (value == least && Is(schema, "exclusiveMinimum"))
            || (value == most && Is(schema, "exclusiveMaximum")))
        {
            yield return $"{path} is {value}";
        }
    }

    private static IEnumerable<string> Names(JsonElement schema) =>
        schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Name) : [];

    /// <summary>The wholes that a schema extends; the base of a kind is checked with the kind.</summary>
    private static JsonElement[] AllOf(JsonElement schema) =>
        schema.TryGetProperty("allOf", out var parts) && !schema.TryGetProperty("properties", out _) ? [.. parts.EnumerateArray()] : [];

    private static double Limit(JsonElement schema, string name, double otherwise) =>
        schema.TryGetProperty(name, out var limit) ? limit.GetDouble() : otherwise;

    private static bool Is(JsonElement schema, string name) => schema.TryGetProperty(name, out var flag) && flag.GetBoolean();
}
