using System.Collections.Frozen;
using System.Text.Json;

namespace CnnService.Core.Common;

/// <summary>The names of one enum type, computed once.</summary>
/// <typeparam name="TEnum">Must not be a combination of flags.</typeparam>
internal static class WireNameTable<TEnum>
    where TEnum : struct, Enum
{
    /// <summary>In the order of the values.</summary>
    public static readonly TEnum[] Values = [.. Enum.GetValues<TEnum>().Distinct()];

    public static readonly FrozenDictionary<TEnum, string> ByValue = Values.ToFrozenDictionary(
        value => value, value => JsonSerializer.SerializeToElement(value, CoreJson.Options).GetString()!);

    public static readonly FrozenDictionary<string, TEnum> ByName = ByValue.ToFrozenDictionary(
        pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    public static readonly string[] Names = [.. Values.Select(value => ByValue[value])];
}
