using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CnnService.Web.Features.Visualize;

/// <summary>A cell of a feature map.</summary>
/// <param name="Row">Row, from 0.</param>
/// <param name="Column">Column, from 0.</param>
internal readonly record struct CellPlace(int Row, int Column) : IQueryValue<CellPlace>
{
    public static string Rule => "must be a row and a column such as 0,7";

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CellPlace result)
    {
        var (row, column) = (0, 0);
        var isRead = s?.Split(',') is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out row)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out column);
        result = new(row, column);
        return isRead;
    }

    /// <exception cref="FormatException">The text is not a cell.</exception>
    public static CellPlace Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var result) ? result : throw new FormatException(Rule);
}
