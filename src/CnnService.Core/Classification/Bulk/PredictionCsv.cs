using System.Buffers;
using System.Globalization;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// Predictions as CSV (RFC 4180, UTF-8). What people named — images and classes — is made harmless: a cell that a spreadsheet would take
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
        _writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16,
            leaveOpen: true)
        { NewLine = "\r\n" };
        _classes = classes;
        var shown = PredictionColumns.Shown(classes);
        _hasProbabilities = shown.Count > 0;
        string[] columns =
        [
            PredictionColumns.Id, PredictionColumns.File, PredictionColumns.Split, PredictionColumns.TrueClass, PredictionColumns.Predicted,
            PredictionColumns.Probability, PredictionColumns.Correct, .. shown.Select(PredictionColumns.Name),
        ];
        _writer.WriteLine(string.Join(',', columns.Select(Cell)));
    }

    public void Add(PredictedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _writer.Write($"{Cell(image.Image.Id)},{Cell(image.Image.Source)},{image.Image.Split.ToWireName()},");
        _writer.Write($"{Cell(image.TrueClass)},{Cell(_classes[image.Predicted])},{Number(image.Probabilities[image.Predicted])},");
        _writer.Write(image.IsCorrect is { } correct ? correct ? "true" : "false" : string.Empty);
        foreach (var probability in _hasProbabilities ? image.Probabilities : [])
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
