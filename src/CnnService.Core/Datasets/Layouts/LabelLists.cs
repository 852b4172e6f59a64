using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// Reads a column of labels that may hold several an image: as lists in JSON (<c>["cat","dog"]</c>, <c>[]</c> for none), or, in separated
/// values whose heading is in the plural, divided by bars or by semicolons (<c>cat|dog</c>, nothing for none).
/// </summary>
/// <param name="path">Path of the table.</param>
/// <param name="heading">What the column is called.</param>
/// <param name="isPlural">Whether that means several labels.</param>
/// <param name="isJson">Whether the table is JSON Lines, whose texts are never divided.</param>
internal sealed class LabelLists(string path, string heading, bool isPlural, bool isJson)
{
    private static readonly char[] Separators = ['|', ';'];

    /// <summary>
    /// The labels of each row; null for a row that says nothing of them. Null for the whole column where it has one label a row.
    /// Problems: <c>dataset.layout-ambiguous</c>, <c>dataset.table-unreadable</c>, <c>dataset.several-labels</c>.
    /// </summary>
    /// <param name="cells">The column without its heading.</param>
    public Outcome<IReadOnlyList<IReadOnlyList<string>?>?> Read(IReadOnlyList<string> cells)
    {
        var lists = new IReadOnlyList<string>?[cells.Count];
        var isSeveral = false;
        foreach (var (index, cell) in cells.Index())
        {
            if (ReadList(index + 1, cell) is { } read)
            {
                if (read.Problem is { } broken)
                {
                    return broken;
                }

                lists[index] = read.Value;
                isSeveral |= read.Value.Count != 1;
            }
        }

        return Separator(cells, lists).Bind(separator =>
            isSeveral || separator is not null ? Outcome.Success<IReadOnlyList<IReadOnlyList<string>?>?>(Divide(cells, lists, separator))
            : Doubt(cells) is { } doubt ? doubt
            : Outcome.Success<IReadOnlyList<IReadOnlyList<string>?>?>(null));
    }

    /// <summary>The only label of a list, where a column has no other lists; else the text itself.</summary>
    public static string Single(string cell) => Parse(cell).Labels is [var only] ? only : cell;

    /// <summary>Null where the cell is no list.</summary>
    private Outcome<IReadOnlyList<string>>? ReadList(int row, string cell)
    {
        var (isJsonList, list) = Parse(cell);
        if (list is null && !isJsonList && !(IsInBrackets(cell) && cell.Contains(',', StringComparison.Ordinal)))
        {
            return null;
        }

        return list is not null ? Outcome.Success(list) : Problem.Unprocessable("dataset.table-unreadable",
            $"Row {row} of '{ReceivedText.Text(path)}' has the labels {ReceivedText.Text(cell)}, which is no list of texts in JSON: write "
            + "[\"cat\",\"dog\"].");
    }

    private static bool IsInBrackets(string cell) => cell.AsSpan().Trim() is ['[', .., ']'];

    /// <summary>Whether it is a list in JSON, and its elements where they are texts and numbers; null where they are not.</summary>
    private static (bool IsList, IReadOnlyList<string>? Labels) Parse(string cell)
    {
        if (!IsInBrackets(cell))
        {
            return (false, null);
        }

        try
        {
            using var json = JsonDocument.Parse(cell);
            JsonElement[] all = [.. json.RootElement.EnumerateArray()];
            return (true, Array.TrueForAll(all, one => one.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                ? [.. all.Select(one => one.ToString())] : null);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return (false, null); // InvalidOperationException: a lone surrogate, which is no text.
        }
    }

    /// <summary>What divides the labels; null where nothing does.</summary>
    private Outcome<char?> Separator(IReadOnlyList<string> cells, IReadOnlyList<string>?[] lists)
    {
        if (!isPlural)
        {
            return Outcome.Success<char?>(null);
        }

        var used = new List<char>();
        foreach (var (index, cell) in cells.Index())
        {
            foreach (var mark in lists[index] is null ? Separators.Where(mark => Parts(cell, mark).Length > 1) : [])
            {
                if (isJson)
                {
                    return LayoutProblems.SeveralLabels($"row {index + 1} of '{ReceivedText.Text(path)}'", Parts(cell, mark));
                }

                used.Add(mark);
            }
        }

        return used.Distinct().Count() + (Array.Exists(lists, list => list is not null) ? 1 : 0) > 1 && used.Count > 0
            ? LayoutProblems.Ambiguous(
                $"the column '{ReceivedText.Text(heading)}' of '{ReceivedText.Text(path)}' divides its labels in two ways, by '|' or ';' "
                + "or as lists.",
                "Write all of them in one way.")
            : Outcome.Success(used.Count == 0 ? null : (char?)used[0]);
    }

    private static IReadOnlyList<IReadOnlyList<string>?> Divide(
        IReadOnlyList<string> cells, IReadOnlyList<string>?[] lists, char? separator) => [.. cells.Select((cell, index) =>
            lists[index] ?? (separator is { } mark ? Parts(cell, mark)
                : string.IsNullOrWhiteSpace(cell) ? null // Where an empty list can be written, no list is none.
                : [cell]))];

    /// <summary>
    /// Refuses a column in the plural whose texts look like several labels divided by commas or spaces: by what is rather the name of a
    /// class, nothing is divided.
    /// </summary>
    private Problem? Doubt(IReadOnlyList<string> cells)
    {
        string[] distinct = [.. isPlural && !isJson ? cells.Where(cell => cell.Length > 0).Distinct(StringComparer.Ordinal) : []];
        return Recur(distinct, ',') ?? Recur(distinct, ' ');
    }

    private Problem? Recur(string[] distinct, char mark)
    {
        string[] divided = [.. distinct.Where(cell => Parts(cell, mark).Length > 1)];
        var parts = distinct.SelectMany(cell => Parts(cell, mark).Distinct(StringComparer.Ordinal)).CountBy(part => part)
            .ToDictionary(StringComparer.Ordinal);
        var recurs = mark == ',' ? divided.Any(cell => Parts(cell, mark).Any(part => parts[part] > 1)) : distinct.Length > parts.Count;
        return divided.Length > 1 && recurs
            ? LayoutProblems.Ambiguous(
                $"the column '{ReceivedText.Text(heading)}' of '{ReceivedText.Text(path)}' has {LayoutProblems.List(divided)}, which may "
                + $"be one label each or several with {(mark == ',' ? "commas" : "spaces")} between them.",
                "Divide several labels by | or write them as lists in JSON; call the column label where an image has one.")
            : null;
    }

    private static string[] Parts(string cell, char mark) =>
        cell.Split(mark, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
