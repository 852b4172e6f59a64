using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>The rows of a table of labels. Columns are found by their usual names, whatever their case and separators.</summary>
internal sealed class LabelTable
{
    /// <summary>Most rows: some for each image that a data set may have. Each takes many times the memory of its text.</summary>
    internal const int MaxRows = 1_000_000;

    /// <summary>Most values of a table of JSON Lines, where a row has a value for each key of any.</summary>
    private const long MaxValues = 10_000_000;

    /// <summary>The likeliest first.</summary>
    private static readonly string[] FileColumns =
    [
        "filename", "file", "filepath", "imagepath", "path", "imagename", "imagefile", "image", "img", "imageid", "imgid", "id", "fname",
    ];

    private static readonly string[] LabelColumns =
    [
        "label", "labels", "class", "classname", "category", "categoryname", "target", "species", "breed", "labelname", "tag", "tags",
        "choice", "y",
    ];

    private static readonly string[] PluralColumns = ["labels", "tags", "classes", "categories"];

    /// <summary>A column that only Label Studio's CSV has.</summary>
    private const string LabelStudioMark = "annotationid";

    private static readonly string[] SplitColumns = ["split", "set", "subset", "fold", "partition", "usage"];

    internal LabelTable(
        string path, LayoutKind kind, IReadOnlyList<LabelRow> rows, DatasetTask task = DatasetTask.SingleLabel) =>
        (Path, Kind, Rows, Task) = (path, kind, rows, task);

    /// <summary>A table of lists of labels, which has one label an image where none lists several.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="rows">Each with its list, or null where it says nothing of the labels.</param>
    /// <param name="isSeveral">Whether an image may have any number of labels though none lists several.</param>
    internal static LabelTable FromLists(string path, LayoutKind kind, IReadOnlyList<LabelRow> rows, bool isSeveral = false) =>
        isSeveral || rows.Any(row => row.Several is { Count: > 1 })
            ? new(path, kind, rows, DatasetTask.MultiLabel)
            : new(path, kind, [.. rows.Select(row => row with
            {
                Label = row.Several is [var only] ? only : string.Empty,
                Several = null,
            })]);

    /// <summary>What the table is.</summary>
    public LayoutKind Kind { get; }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    public IReadOnlyList<LabelRow> Rows { get; }

    /// <summary>Whether its rows have one label or any number of them.</summary>
    public DatasetTask Task { get; }

    /// <summary>Why a table is not read.</summary>
    internal static string TooManyRows { get; } = string.Create(CultureInfo.InvariantCulture, $"more than {MaxRows:N0} rows are not read");

    /// <summary>
    /// The table, or null where it names no images or no labels. Problems: <c>dataset.table-unreadable</c>, <c>dataset.several-labels</c>,
    /// <c>dataset.layout-ambiguous</c>.
    /// </summary>
    public static Outcome<LabelTable?> Parse(TableFile file)
    {
        if (file.IsJson)
        {
            return JsonTables.Read(file);
        }

        var rows = file.IsJsonLines ? JsonLines(file) : CsvText.Parse(file.Path, file.Text.TrimStart('\uFEFF'));
        return rows.Bind(read => FromRows(file.Path, read, file.IsJsonLines));
    }

    private static Outcome<LabelTable?> FromRows(string path, List<string[]> rows, bool isJson)
    {
        if (rows.Count < 2)
        {
            return Outcome.Success<LabelTable?>(null);
        }

        string[] header = [.. rows[0].Select(Simplify)];
        var file = FileColumns.Select(name => Array.IndexOf(header, name)).FirstOrDefault(column => column >= 0, -1);
        var split = Array.FindIndex(header, SplitColumns.Contains);
        if (file < 0)
        {
            return Outcome.Success<LabelTable?>(null);
        }

        var isLabelStudio = header.Contains(LabelStudioMark);
        return LabelColumn(path, rows, header, file, split).Bind(label => label < 0
            ? Outcome.Success(FromClassColumns(path, rows, file, split))
            : new LabelLists(path, rows[0][label], PluralColumns.Contains(header[label]), isJson)
                .Read([.. rows.Skip(1).Select(row => Label(row[label]))])
                .Map(several => (LabelTable?)new LabelTable(
                    path, isLabelStudio ? LayoutKind.LabelStudio : LayoutKind.Table,
                    [.. rows.Skip(1).Select((row, i) => new LabelRow(
                        i + 1, isLabelStudio ? LabelStudioTasks.FileOf(row[file]) : Text(row[file]).Replace('\\', '/'),
                        LabelLists.Single(Label(row[label])), split < 0 ? null : Text(row[split]))
                    {
                        Several = several?[i],
                    })],
                    several is null ? DatasetTask.SingleLabel : DatasetTask.MultiLabel)));

        string Text(string cell) => isJson ? LabelLists.Single(cell) : cell;
        string Label(string cell) => isLabelStudio ? LabelStudioTasks.ListOf(cell) : cell;
    }

    /// <summary>The table where each further column is a class; else null.</summary>
    private static LabelTable? FromClassColumns(string path, List<string[]> rows, int file, int split)
    {
        int[] others = [.. Enumerable.Range(0, rows[0].Length).Where(column => column != file && column != split)];
        return ClassColumns.Read(rows, others) is not { } lists ? null : FromLists(
            path, LayoutKind.Table, [.. rows.Skip(1).Select(Row)], isSeveral: lists.Any(list => list.Count == 0));

        LabelRow Row(string[] row, int index) =>
            new(index + 1, row[file].Replace('\\', '/'), string.Empty, split < 0 ? null : row[split]) { Several = lists[index] };
    }

    /// <summary>
    /// The column of the labels: one with a usual name, of several the only one that is not all numbers; where none has a usual name, the
    /// only column beside file and split. −1 where there is none.
    /// </summary>
    private static Outcome<int> LabelColumn(string path, List<string[]> rows, string[] header, int file, int split)
    {
        int[] columns = [.. Enumerable.Range(0, header.Length).Where(i => i != file && i != split)];
        int[] named = [.. columns.Where(i => LabelColumns.Contains(header[i]))];
        if (named.Length > 1)
        {
            int[] words = [.. named.Where(i => !rows.Skip(1).All(row => double.TryParse(row[i], CultureInfo.InvariantCulture, out _)))];
            named = words.Length == 1 ? words : named;
        }

        return named.Length switch
        {
            1 => named[0],
            0 => columns.Length == 1 ? columns[0] : -1,
            _ => LayoutProblems.Ambiguous(
                $"the table '{path}' has the columns {LayoutProblems.List(named.Select(i => rows[0][i]))}: each may be the label.",
                "Keep one of them."),
        };
    }

    private static string Simplify(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>Rows of the union of all keys, in the order of their first occurrence; what a line lacks is empty.</summary>
    private static Outcome<List<string[]>> JsonLines(TableFile file)
    {
        var (keys, known) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var lines = new List<Dictionary<string, string>>();
        var number = 0;
        foreach (var line in file.Text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace())
            {
                continue;
            }

            var values = JsonLine(line.ToString());
            if (values is null)
            {
                return Problem.Unprocessable(
                    "dataset.table-unreadable",
                    $"The table '{ReceivedText.Text(file.Path)}' cannot be read at line {number}: it must be a JSON object of texts and "
                    + $"numbers, received {ReceivedText.Text(line.ToString())}.");
            }

            foreach (var key in values.Keys.Where(known.Add))
            {
                keys.Add(key);
            }

            lines.Add(values);
            if (keys.Count > 1000 || lines.Count > MaxRows || (long)keys.Count * lines.Count > MaxValues)
            {
                return Problem.Unprocessable("dataset.table-unreadable", string.Create(
                    CultureInfo.InvariantCulture,
                    $"The table '{ReceivedText.Text(file.Path)}' is too large at line {number}: at most 1000 different keys, {MaxRows:N0} "
                    + $"lines, and {MaxValues:N0} values in all lines by all keys are read."));
            }
        }

        return new List<string[]>(
            [[.. keys], .. lines.Select(values => keys.Select(key => values.GetValueOrDefault(key, string.Empty)).ToArray())]);
    }

    private static Dictionary<string, string>? JsonLine(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new() { MaxDepth = 8 });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.EnumerateObject().GroupBy(field => field.Name)
                    .ToDictionary(field => field.Key, field => Text(field.Last().Value), StringComparer.Ordinal)
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null; // InvalidOperationException: a lone surrogate, which is no text.
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => string.Empty,
        _ => value.GetRawText(),
    };
}
