using System.Diagnostics.CodeAnalysis;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>An enum value given by its name in the API.</summary>
/// <param name="Value">The value.</param>
internal readonly record struct EnumQueryValue<TEnum>(TEnum Value) : IQueryValue<EnumQueryValue<TEnum>>
    where TEnum : struct, Enum
{
    public static string Rule { get; } = $"must be {WireName.Choice(Enum.GetValues<TEnum>())}";

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EnumQueryValue<TEnum> result)
    {
        var found = WireName.Find<TEnum>(s);
        result = new(found.GetValueOrDefault());
        return found is not null;
    }

    /// <exception cref="FormatException">No value has this name.</exception>
    public static EnumQueryValue<TEnum> Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException(Rule);
}
