using System.Buffers;
using System.Globalization;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// Writes predictions as CSV (RFC 4180, UTF-8). Names of images and classes come from users: a cell that a spreadsheet would read as a
/// formula is prefixed with an apostrophe. Not thread safe.
/// </summary>
public sealed class PredictionCsv : IDisposable
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly StreamWriter _writer;
    private readonly IReadOnlyList<string> _classes;
    private readonly bool _hasProbabilities;

    /// <param name="stream">The stream to write to; left open.</param>
    /// <param name="classes">Class names in the order of the model's outputs.</param>
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

    /// <summary>The shortest representation that parses to the same number.</summary>
    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Cell(string text)
    {
        var harmless = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return harmless.AsSpan().ContainsAny(Quoted) ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
