using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using Parquet;
using Parquet.Schema;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Writes predictions as Parquet, with the columns of <see cref="PredictionColumns"/>. Blocks while writing, so use it from a worker
/// thread. Not thread safe.
/// </summary>
internal sealed class PredictionParquet : IDisposable
{
    /// <summary>Most values of a row group, which is held in memory until it is written.</summary>
    private const int MaxCells = 4 << 20;

    private const int MaxRows = 1 << 16;

    private readonly DataField[] _fields;
    private readonly IReadOnlyList<string> _classes;
    private readonly int _shown;
    private readonly int _groupRows;
    private readonly ParquetWriter _writer;
    private readonly List<PredictedImage> _rows = [];

    /// <param name="stream">Left open.</param>
    /// <param name="classes">The network's classes, in output order.</param>
    public PredictionParquet(Stream stream, IReadOnlyList<string> classes)
    {
        var shown = PredictionColumns.WithProbability(classes);
        (_classes, _shown) = (classes, shown.Count);
        _groupRows = Math.Clamp(MaxCells / Math.Max(1, _shown), 1, MaxRows);
        _fields =
        [
            Text(PredictionColumns.Id), Text(PredictionColumns.File), Text(PredictionColumns.Split), Text(PredictionColumns.TrueClass),
            Text(PredictionColumns.Predicted),
            new DataField(PredictionColumns.Probability, typeof(float), isNullable: false),
            new DataField(PredictionColumns.Correct, typeof(bool), isNullable: true),
            .. shown.Select(name => new DataField(PredictionColumns.Name(name), typeof(float), isNullable: false)),
        ];
        _writer = ParquetWriter.CreateAsync(new ParquetSchema(_fields), stream).GetAwaiter().GetResult();
    }

    public void Add(PredictedImage image)
    {
        _rows.Add(image);
        if (_rows.Count == _groupRows)
        {
            WriteGroupAsync().GetAwaiter().GetResult();
        }
    }

    /// <summary>Writes the remaining rows; must be called before <see cref="Dispose"/>, else they are missing from the file.</summary>
    public void Complete()
    {
        if (_rows.Count > 0)
        {
            WriteGroupAsync().GetAwaiter().GetResult();
        }
    }

    public void Dispose() => _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static DataField Text(string name) => new(name, typeof(string), isNullable: false);

    private async Task WriteGroupAsync()
    {
        using (var group = _writer.CreateRowGroup())
        {
            await group.WriteAsync(_fields[0], Column(row => row.Image.Id));
            await group.WriteAsync(_fields[1], Column(row => row.Image.Source));
            await group.WriteAsync(_fields[2], Column(row => row.Image.Split.ToWireName()));
            await group.WriteAsync(_fields[3], Column(row => row.TrueClass));
            await group.WriteAsync(_fields[4], Column(row => _classes[row.Predicted]));
            await group.WriteAsync<float>(_fields[5], Column(row => row.Probabilities[row.Predicted]));
            await group.WriteAsync<bool>(_fields[6], Column(row => row.IsCorrect));
            for (var i = 0; i < _shown; i++)
            {
                var label = i;
                await group.WriteAsync<float>(_fields[7 + i], Column(row => row.Probabilities[label]));
            }

            group.CompleteValidate();
        }

        _rows.Clear();
    }

    private T[] Column<T>(Func<PredictedImage, T> value) => [.. _rows.Select(value)];
}
