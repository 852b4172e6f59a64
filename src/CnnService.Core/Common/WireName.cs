using System.Text.Json;

namespace CnnService.Core.Common;

/// <summary>
/// Names of enum values as they leave the program: in JSON, queries, messages, metric labels and tables. They are those that
/// <see cref="CoreJson"/> writes: camelCase, or the name given by <c>[JsonStringEnumMemberName]</c>.
/// </summary>
public static class WireName
{
    /// <summary>As the API writes the value: <c>oneCycle</c>.</summary>
    /// <exception cref="KeyNotFoundException">The enum does not declare the value.</exception>
    public static string ToWireName<TEnum>(this TEnum value)
        where TEnum : struct, Enum => WireNameTable<TEnum>.ByValue[value];

    /// <summary>All names, in the order of the values.</summary>
    public static IReadOnlyList<string> All<TEnum>()
        where TEnum : struct, Enum => WireNameTable<TEnum>.Names;

    /// <summary>All names of an enum known only at run time, in the order of the values.</summary>
    public static IReadOnlyList<string> All(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Distinct()
            .Select(value => JsonSerializer.SerializeToElement(Enum.ToObject(type, value), type, CoreJson.Options).GetString()!)];
    }

    /// <summary>The value of a name, ignoring case as in JSON; null where there is none.</summary>
    public static TEnum? Find<TEnum>(string? name)
        where TEnum : struct, Enum => name is not null && WireNameTable<TEnum>.ByName.TryGetValue(name, out var value) ? value : null;

    /// <summary>Parses the name of a value.</summary>
    /// <param name="errors">Receives an error where the name is not allowed.</param>
    /// <param name="name">As received; null: not given.</param>
    /// <param name="path">The field or parameter.</param>
    /// <param name="allowed">The values allowed here; empty: all.</param>
    /// <returns>Null where no name was given, and where an error was added.</returns>
    public static TEnum? ReadName<TEnum>(this ValidationErrors errors, string? name, string path, params ReadOnlySpan<TEnum> allowed)
        where TEnum : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(errors);
        var choices = allowed.Length > 0 ? allowed.ToArray() : WireNameTable<TEnum>.Values;
        var found = Find<TEnum>(name);
        var isAllowed = name is null || (found is { } value && choices.Contains(value));
        return errors.Require(isAllowed, path, $"must be {Choice(choices)}, received \"{ReceivedText.Text(name ?? string.Empty)}\"")
            ? found
            : null;
    }

    /// <summary>Joins names for a message: "a", "a or b", "a, b or c".</summary>
    public static string Choice<TEnum>(params ReadOnlySpan<TEnum> values)
        where TEnum : struct, Enum
    {
        string[] names = [.. values.ToArray().Select(value => value.ToWireName())];
        return names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
