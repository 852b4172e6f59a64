using System.Collections.Frozen;
using System.Text.Json;

namespace CnnService.Core.Common;

/// <summary>
/// The names of an enum's values wherever they leave the program: JSON, queries, messages, labels of metrics, tables. They are those that
/// <see cref="CoreJson"/> writes: camelCase, or what <c>[JsonStringEnumMemberName]</c> says.
/// </summary>
/// <typeparam name="TEnum">No combination of flags.</typeparam>
public static class WireName<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> ByValue = Enum.GetValues<TEnum>().Distinct().ToFrozenDictionary(
        value => value, value => JsonSerializer.SerializeToElement(value, CoreJson.Options).GetString()!);

    private static readonly FrozenDictionary<string, TEnum> ByName = ByValue.ToFrozenDictionary(
        pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every name, in the order of the values.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<TEnum>().Distinct().Select(value => ByValue[value])];

    /// <summary>The name of a value.</summary>
    /// <exception cref="KeyNotFoundException">The enum does not declare the value.</exception>
    public static string For(TEnum value) => ByValue[value];

    /// <summary>The value of a name, upper and lower case alike as in JSON; null where there is none of that name.</summary>
    public static TEnum? Find(string? name) => name is not null && ByName.TryGetValue(name, out var value) ? value : null;
}
