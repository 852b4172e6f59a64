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
    private readonly bool _hasProbabilities;
    private readonly bool _tellsKnown;

    /// <param name="stream">The stream to write to; left open.</param>
    /// <param name="plan">What is predicted.</param>
    public PredictionCsv(Stream stream, BulkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16,
            leaveOpen: true)
        { NewLine = "\r\n" };
        var shown = PredictionColumns.WithProbability(plan.Classes);
        _hasProbabilities = shown.Count > 0;
        _tellsKnown = plan.TellsKnown;
        string[] columns =
        [
            PredictionColumns.Id, PredictionColumns.File, PredictionColumns.Split, PredictionColumns.TrueClass, PredictionColumns.Predicted,
            PredictionColumns.Probability, PredictionColumns.Correct, .. shown.Select(PredictionColumns.Name),
            .. _tellsKnown ? new[] { PredictionColumns.Known, PredictionColumns.Familiarity } : [],
        ];
        _writer.WriteLine(string.Join(',', columns.Select(Cell)));
    }

    public void Add(PredictedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _writer.Write($"{Cell(image.Image.Id)},{Cell(image.Image.Source)},{image.Image.Split.ToWireName()},");
        _writer.Write($"{Cell(image.TrueClass)},{Cell(image.Predicted)},{Number(image.Probabilities[image.Best])},");
        _writer.Write(Truth(image.IsCorrect));
        foreach (var probability in _hasProbabilities ? image.Probabilities : [])
        {
            _writer.Write($",{Number(probability)}");
        }

        if (_tellsKnown)
        {
            _writer.Write($",{Truth(image.IsKnown)},{(image.Familiarity is { } familiarity ? Number(familiarity) : null)}");
        }

        _writer.WriteLine();
    }

    public void Dispose() => _writer.Dispose();

    private static string Truth(bool? value) => value is { } known ? known ? "true" : "false" : string.Empty;

    /// <summary>The shortest representation that parses to the same number.</summary>
    private static string Number(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Cell(string text)
    {
        var harmless = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return harmless.AsSpan().ContainsAny(Quoted) ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }
}
