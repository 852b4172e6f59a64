using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// Reads comma separated values as RFC 4180 describes them; the separator is the one of comma, semicolon and tab that the first line holds
/// most often outside quotation marks.
/// </summary>
internal static class CsvText
{
    /// <summary>Maximum number of columns.</summary>
    private const int MaxColumns = 1000;

    /// <summary>
    /// The rows with their fields, the first line included; empty lines are skipped. Problem <c>dataset.table-unreadable</c>: an open
    /// quotation mark at the end, more than 1,000 columns or <see cref="LabelTable.MaxRows"/> rows, a row with another number of fields
    /// than the first.
    /// </summary>
    public static Outcome<List<string[]>> Parse(string name, string text)
    {
        var separator = SeparatorOf(text);
        var rows = new List<string[]>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        var line = 1;
        for (var i = 0; i <= text.Length; i++)
        {
            var letter = i < text.Length ? text[i] : '\n';
            if (isQuoted && i < text.Length)
            {
                if (letter != '"')
                {
                    line += letter == '\n' ? 1 : 0;
                    field.Append(letter);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else
                {
                    isQuoted = false;
                }
            }
            else if (isQuoted)
            {
                return Unreadable(name, line, "a quotation mark is not closed");
            }
            else if (letter == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (letter == separator)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (letter == '\n')
            {
                if (End(name, line++, rows, fields, field) is { } problem)
                {
                    return problem;
                }
            }
            else if (letter != '\r')
            {
                field.Append(letter);
            }
        }

        return rows;
    }

    private static Problem? End(string name, int line, List<string[]> rows, List<string> fields, StringBuilder field)
    {
        if (fields.Count == 0 && field.Length == 0)
        {
            return null;
        }

        fields.Add(field.ToString());
        field.Clear();
        if (fields.Count > MaxColumns || (rows.Count > 0 && rows[0].Length != fields.Count))
        {
            return Unreadable(name, line, rows.Count == 0
                ? $"it has {fields.Count} columns, at most {MaxColumns} are read"
                : $"it has {fields.Count} fields where the first line has {rows[0].Length}");
        }

        if (rows.Count > LabelTable.MaxRows)
        {
            return Unreadable(name, line, LabelTable.TooManyRows);
        }

        rows.Add([.. fields.Select(text => text.Trim())]);
        fields.Clear();
        return null;
    }

    private static Problem Unreadable(string name, int line, string why) =>
        Problem.Unprocessable("dataset.table-unreadable", $"The table '{ReceivedText.Text(name)}' cannot be read at line {line}: {why}.");

    private static char SeparatorOf(string text)
    {
        int comma = 0, semicolon = 0, tab = 0;
        var isQuoted = false;
        foreach (var letter in text)
        {
            if (letter == '\n')
            {
                break;
            }

            isQuoted ^= letter == '"';
            comma += letter == ',' && !isQuoted ? 1 : 0;
            semicolon += letter == ';' && !isQuoted ? 1 : 0;
            tab += letter == '\t' && !isQuoted ? 1 : 0;
        }

        return tab > Math.Max(comma, semicolon) ? '\t' : semicolon > comma ? ';' : ',';
    }
}
