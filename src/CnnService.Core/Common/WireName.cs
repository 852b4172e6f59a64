using System.Text.Json;

namespace CnnService.Core.Common;

/// <summary>
/// The names of an enum's values wherever they leave the program: JSON, queries, messages, labels of metrics, tables. They are those that
/// <see cref="CoreJson"/> writes: camelCase, or what <c>[JsonStringEnumMemberName]</c> says.
/// </summary>
public static class WireName
{
    /// <summary>As the API writes the value: <c>oneCycle</c>.</summary>
    /// <exception cref="KeyNotFoundException">The enum does not declare the value.</exception>
    public static string ToWireName<TEnum>(this TEnum value)
        where TEnum : struct, Enum => WireNameTable<TEnum>.ByValue[value];

    /// <summary>Every name, in the order of the values.</summary>
    public static IReadOnlyList<string> All<TEnum>()
        where TEnum : struct, Enum => WireNameTable<TEnum>.Names;

    /// <summary>Every name of a type that is known at run time only, in the order of the values.</summary>
    public static IReadOnlyList<string> All(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Distinct()
            .Select(value => JsonSerializer.SerializeToElement(Enum.ToObject(type, value), type, CoreJson.Options).GetString()!)];
    }

    /// <summary>The value of a name, upper and lower case alike as in JSON; null where there is none of that name.</summary>
    public static TEnum? Find<TEnum>(string? name)
        where TEnum : struct, Enum => name is not null && WireNameTable<TEnum>.ByName.TryGetValue(name, out var value) ? value : null;

    /// <summary>The value that somebody named.</summary>
    /// <param name="errors">Gets the rule where it is none of the names.</param>
    /// <param name="name">As sent; null: nothing was.</param>
    /// <param name="path">The field or parameter.</param>
    /// <param name="allowed">The values that may be named here; empty: all.</param>
    /// <returns>Null where nothing was named, and where an error was added.</returns>
    public static TEnum? ReadName<TEnum>(this ValidationErrors errors, string? name, string path, params ReadOnlySpan<TEnum> allowed)
        where TEnum : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(errors);
        var choices = allowed.Length > 0 ? allowed.ToArray() : WireNameTable<TEnum>.Values;
        var found = Find<TEnum>(name);
        var isAllowed = name is null || (found is { } value && choices.Contains(value));
        return errors.Require(isAllowed, path, $"must be {Choice(choices)}, received \"{Received.Text(name ?? string.Empty)}\"") ? found : null;
    }

    /// <summary>"a", "a or b", "a, b or c".</summary>
    public static string Choice<TEnum>(params ReadOnlySpan<TEnum> values)
        where TEnum : struct, Enum
    {
        string[] names = [.. values.ToArray().Select(value => value.ToWireName())];
        return names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
