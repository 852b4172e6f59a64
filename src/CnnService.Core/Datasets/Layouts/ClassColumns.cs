using System.Globalization;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// Reads a table that has a column for each class, with 1 where the image has it and 0 where not: what Roboflow exports, and many
/// competitions give.
/// </summary>
internal static class ClassColumns
{
    /// <summary>The classes of each row; null where a cell is neither 0 nor 1, or there are fewer than two columns.</summary>
    /// <param name="rows">The heading and the rows below it.</param>
    /// <param name="columns">Those that may be classes.</param>
    public static IReadOnlyList<IReadOnlyList<string>>? Read(IReadOnlyList<string[]> rows, IReadOnlyList<int> columns)
    {
        var lists = new List<IReadOnlyList<string>>();
        foreach (var row in columns.Count < 2 ? [] : rows.Skip(1))
        {
            bool?[] has = [.. columns.Select(column => Has(row[column]))];
            if (has.Contains(null))
            {
                return null;
            }

            lists.Add([.. columns.Where((_, place) => has[place] == true).Select(column => rows[0][column].Trim())]);
        }

        return lists.Count == 0 ? null : lists;
    }

    private static bool? Has(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is 0 or 1 ? value == 1 : null;
}
