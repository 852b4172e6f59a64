using System.Globalization;
using System.Text;

namespace CnnService.Studio.Pages.Results;

/// <summary>Reads the predictions of a data set, which the service gives as CSV.</summary>
internal static class PredictionTable
{
    /// <summary>The lines that have a true class.</summary>
    /// <exception cref="FormatException">A column is missing, or a probability is no number.</exception>
    public static IReadOnlyList<Prediction> Read(byte[] file)
    {
        var lines = Lines(Encoding.UTF8.GetString(file).TrimStart('\uFEFF')).ToList();
        if (lines.Count == 0)
        {
            throw new FormatException("The table of predictions is empty.");
        }

        int Column(string name) => lines[0].IndexOf(name) is >= 0 and var at
            ? at
            : throw new FormatException($"The table of predictions has no column '{name}'.");
        var (id, truth, predicted, probability) = (Column("id"), Column("trueClass"), Column("predicted"), Column("probability"));
        return
        [
            .. from line in lines.Skip(1)
               where line.Count > Math.Max(truth, probability) && line[truth].Length > 0
               select new Prediction(
                   line[id], Plain(line[truth]), Plain(line[predicted]), double.Parse(line[probability], CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>An apostrophe keeps spreadsheets from reading a cell as a formula.</summary>
    private static string Plain(string cell) => cell is ['\'', '=' or '+' or '-' or '@', ..] ? cell[1..] : cell;

    private static IEnumerable<List<string>> Lines(string text)
    {
        var line = new List<string>();
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                var isDoubled = isQuoted && i + 1 < text.Length && text[i + 1] == '"';
                if (isDoubled)
                {
                    cell.Append('"');
                    i++;
                }

                isQuoted = isDoubled || !isQuoted;
            }
            else if (!isQuoted && text[i] is ',' or '\n')
            {
                line.Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                if (text[i] == '\n')
                {
                    yield return line;
                    line = [];
                }
            }
            else
            {
                cell.Append(text[i]);
            }
        }

        if (line.Count > 0 || cell.Length > 0)
        {
            line.Add(cell.ToString());
            yield return line;
        }
    }
}
