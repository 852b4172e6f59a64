using System.Buffers;
using System.Globalization;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// Predictions as CSV (RFC 4180, UTF-8). What people named — pictures and classes — is made harmless: a cell that a spreadsheet would take
/// for a formula begins with an apostrophe.
/// </summary>
public sealed class PredictionCsv : IDisposable
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly StreamWriter _writer;
    private readonly IReadOnlyList<string> _classes;
    private readonly bool _hasProbabilities;

    /// <param name="stream">Stays open.</param>
    /// <param name="classes">The network's.</param>
    public PredictionCsv(Stream stream, IReadOnlyList<string> classes)
    {
        _writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true) { NewLine = "\r\n" };
        _classes = classes;
        var shown = PredictionColumns.Shown(classes);
        _hasProbabilities = shown.Count > 0;
        string[] columns =
        [
            PredictionColumns.Id, PredictionColumns.File, PredictionColumns.Split, PredictionColumns.TrueClass, PredictionColumns.Predicted,
            PredictionColumns.Probability, PredictionColumns.Correct, .. shown.Select(PredictionColumns.Of),
        ];
        _writer.WriteLine(string.Join(',', columns.Select(Cell)));
    }

    public void Add(PredictedPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        _writer.Write($"{Cell(picture.Image.Id)},{Cell(picture.Image.Source)},{picture.Image.Split.ToWireName()},");
        _writer.Write($"{Cell(picture.TrueClass)},{Cell(_classes[picture.Predicted])},{Number(picture.Probabilities[picture.Predicted])},");
        _writer.Write(picture.IsCorrect is { } correct ? correct ? "true" : "false" : string.Empty);
        foreach (var probability in _hasProbabilities ? picture.Probabilities : [])
        {
            _writer.Write($",{Number(probability)}");
        }

        _writer.WriteLine();
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>The shortest digits that read back to the same number.</summary>
    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Cell(string text)
    {
        var harmless = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return harmless.AsSpan().ContainsAny(Quoted) ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
