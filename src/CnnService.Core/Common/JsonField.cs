using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CnnService.Core.Common;

/// <summary>A settable property of a record that can be read from JSON.</summary>
internal sealed class JsonField
{
    private static readonly ConcurrentDictionary<Type, JsonField[]> Cache = new();

    private readonly JsonPropertyInfo _property;
    private readonly Func<JsonElement, ValidationErrors, object?>? _parse;
    private readonly int _maxItems;
    private readonly string _rule;

    private JsonField(JsonPropertyInfo property)
    {
        _property = property;
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        _parse = Parser(Type);
        IsRequired = property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };
        IsNullable = property.IsSetNullable && (!property.PropertyType.IsValueType || Type != property.PropertyType);
        _maxItems = property.AttributeProvider?.GetCustomAttributes(typeof(JsonItemsAttribute), inherit: false)
            .OfType<JsonItemsAttribute>().FirstOrDefault()?.Max ?? JsonFieldReader.MaxItems;
        _rule = Attribute(property.AttributeProvider) ?? Attribute(Type) ?? RuleOf(Type);
    }

    public string Name => _property.Name;

    /// <summary>The property's type; of a nullable value type the underlying type.</summary>
    public Type Type { get; }

    public bool IsRequired { get; }

    /// <summary>Whether JSON null is allowed.</summary>
    public bool IsNullable { get; }

    /// <summary>Whether the serializer reads it; other fields have rules of their own within.</summary>
    public bool UsesSerializer => _parse is null;

    /// <summary>The fields of a record, in declaration order. Cached.</summary>
    public static IReadOnlyList<JsonField> FieldsOf(Type type) => Cache.GetOrAdd(type, record =>
        [.. CoreJson.Options.GetTypeInfo(record).Properties.Where(property => property.Set is not null)
            .Select(property => new JsonField(property))]);

    /// <summary>
    /// The rule that the value breaks, and what was received: "must be a whole number, received true"; null if the serializer accepts the
    /// value for this field. Sizes are checked before the serializer creates anything.
    /// </summary>
    public string? FindBrokenRule(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null when IsNullable => null,
        JsonValueKind.Array when json.GetArrayLength() > _maxItems => TooMany("entries", json.GetArrayLength()),
        JsonValueKind.Object when json.GetPropertyCount() > _maxItems => TooMany("names", json.GetPropertyCount()),
        JsonValueKind.String when Type == typeof(string)
            && JsonFieldReader.Text(json) is { Length: > JsonFieldReader.MaxText and var length } =>
            $"must have at most {JsonFieldReader.MaxText} characters, received {length}",
        _ => CanDeserialize(json) ? null : $"{_rule}, received {ReceivedText.Json(json)}",
    };

    /// <summary>Reads a field that is not plain; null where errors were added.</summary>
    public object? Parse(JsonElement json, ValidationErrors errors) => _parse!(json, errors);

    public void Set(object record, object value) => _property.Set!(record, value);

    private string TooMany(string what, int received) => $"must have at most {_maxItems} {what}, received {received}";

    private bool CanDeserialize(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null)
        {
            return false;
        }

        try
        {
            return json.Deserialize(Type, CoreJson.Options) is not null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false; // The caller reports the rule.
        }
    }

    private static Func<JsonElement, ValidationErrors, object?>? Parser(Type type)
    {
        if (type == typeof(JsonElement))
        {
            return (json, _) => json.Clone();
        }

        if (type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IJsonReadable<>)))
        {
            return typeof(JsonField).GetMethod(nameof(ReadSelf), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(type).CreateDelegate<Func<JsonElement, ValidationErrors, object?>>();
        }

        var isRecord = type.IsClass && type != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(type)
            && type.Namespace?.StartsWith("CnnService", StringComparison.Ordinal) == true;
        return isRecord ? (json, errors) => JsonFieldReader.Read(type, json, [], errors) : null;
    }

    private static object? ReadSelf<T>(JsonElement json, ValidationErrors errors)
        where T : class, IJsonReadable<T> => T.Read(json, errors);

    private static string? Attribute(ICustomAttributeProvider? provider) =>
        provider?.GetCustomAttributes(typeof(JsonRuleAttribute), inherit: false).OfType<JsonRuleAttribute>().FirstOrDefault()?.Rule;

    private static string RuleOf(Type type) =>
        Element(type, typeof(IReadOnlyDictionary<,>)) is { } value ? $"must be an object of names and {Plural(value)}"
        : Element(type, typeof(IReadOnlyList<>)) is { } element ? $"must be a list of {Plural(element)}"
        : type.IsEnum ? $"must be one of {string.Join(", ", WireName.All(type))}"
        : type == typeof(bool) ? "must be true or false"
        : type == typeof(string) ? "must be text"
        : IsWhole(type) ? "must be a whole number"
        : "must be a number";

    private static Type? Element(Type type, Type collection) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == collection ? type.GetGenericArguments()[^1] : null;

    private static string Plural(Type type) => type == typeof(string) ? "text" : IsWhole(type) ? "whole numbers" : "numbers";

    private static bool IsWhole(Type type) => type == typeof(int) || type == typeof(long);
}
