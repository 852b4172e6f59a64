using System.Diagnostics.CodeAnalysis;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>A value of an enum by its name in the API.</summary>
/// <param name="Value">It.</param>
internal readonly record struct Named<TEnum>(TEnum Value) : IQueryValue<Named<TEnum>>
    where TEnum : struct, Enum
{
    public static string Rule { get; } = $"must be {WireName.Choice(Enum.GetValues<TEnum>())}";

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Named<TEnum> result)
    {
        var found = WireName.Find<TEnum>(s);
        result = new(found.GetValueOrDefault());
        return found is not null;
    }

    /// <exception cref="FormatException">There is none of that name.</exception>
    public static Named<TEnum> Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException(Rule);
}
