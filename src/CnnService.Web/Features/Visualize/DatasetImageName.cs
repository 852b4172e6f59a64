using System.Diagnostics.CodeAnalysis;

namespace CnnService.Web.Features.Visualize;

/// <summary>An image of a data set, <c>dataset/id</c>.</summary>
/// <param name="Text">The text as given.</param>
internal readonly record struct DatasetImageName(string Text) : IQueryValue<DatasetImageName>
{
    public static string Rule => "must be dataset/id";

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DatasetImageName result)
    {
        result = new(s ?? string.Empty);
        return s?.Split('/') is [{ Length: > 0 }, { Length: > 0 }];
    }

    /// <exception cref="FormatException">The text is not the name of an image.</exception>
    public static DatasetImageName Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException(Rule);
}
