using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using Parquet;
using Parquet.Schema;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Writes predictions as Parquet, with the columns of <see cref="PredictionColumns"/>. For one caller at a time.
/// </summary>
internal sealed class PredictionParquet : IAsyncDisposable
{
    /// <summary>Most values of a row group, which is held in memory until it is written.</summary>
    private const int MaxCells = 4 << 20;

    private const int MaxRows = 1 << 16;

    private readonly DataField[] _fields;
    private readonly int _shown;
    private readonly bool _tellsKnown;
    private readonly int _groupRows;
    private readonly ParquetWriter _writer;
    private readonly List<PredictedImage> _rows = [];

    private PredictionParquet(ParquetWriter writer, DataField[] fields, int shown, bool tellsKnown)
    {
        (_writer, _fields, _shown, _tellsKnown) = (writer, fields, shown, tellsKnown);
        _groupRows = Math.Clamp(MaxCells / Math.Max(1, shown), 1, MaxRows);
    }

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Left open.</param>
    /// <param name="plan">What is predicted.</param>
    public static async Task<PredictionParquet> CreateAsync(Stream stream, BulkPlan plan)
    {
        var shown = PredictionColumns.WithProbability(plan.Classes);
        DataField[] fields =
        [
            Text(PredictionColumns.Id), Text(PredictionColumns.File), Text(PredictionColumns.Split), Text(PredictionColumns.TrueClass),
            Text(PredictionColumns.Predicted),
            new DataField(PredictionColumns.Probability, typeof(float), isNullable: false),
            new DataField(PredictionColumns.Correct, typeof(bool), isNullable: true),
            .. shown.Select(name => new DataField(PredictionColumns.Name(name), typeof(float), isNullable: false)),
            .. plan.TellsKnown
                ? new[]
                {
                    new DataField(PredictionColumns.Known, typeof(bool), isNullable: true),
                    new DataField(PredictionColumns.Familiarity, typeof(float), isNullable: true),
                }
                : [],
        ];
        return new(await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream), fields, shown.Count, plan.TellsKnown);
    }

    public async ValueTask AddAsync(PredictedImage image)
    {
        _rows.Add(image);
        if (_rows.Count == _groupRows)
        {
            await WriteGroupAsync();
        }
    }

    /// <summary>Writes the remaining rows; must be called before <see cref="DisposeAsync"/>, else they are missing from the file.</summary>
    public async ValueTask CompleteAsync()
    {
        if (_rows.Count > 0)
        {
            await WriteGroupAsync();
        }
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static DataField Text(string name) => new(name, typeof(string), isNullable: false);

    private async Task WriteGroupAsync()
    {
        using (var group = _writer.CreateRowGroup())
        {
            await group.WriteAsync(_fields[0], Column(row => row.Image.Id));
            await group.WriteAsync(_fields[1], Column(row => row.Image.Source));
            await group.WriteAsync(_fields[2], Column(row => row.Image.Split.ToWireName()));
            await group.WriteAsync(_fields[3], Column(row => row.TrueClass));
            await group.WriteAsync(_fields[4], Column(row => row.Predicted));
            await group.WriteAsync<float>(_fields[5], Column(row => row.Probabilities[row.Best]));
            await group.WriteAsync<bool>(_fields[6], Column(row => row.IsCorrect));
            for (var i = 0; i < _shown; i++)
            {
                var label = i;
                await group.WriteAsync<float>(_fields[7 + i], Column(row => row.Probabilities[label]));
            }

            if (_tellsKnown)
            {
                await group.WriteAsync<bool>(_fields[7 + _shown], Column(row => row.IsKnown));
                await group.WriteAsync<float>(_fields[8 + _shown], Column(row => row.Familiarity));
            }

            group.CompleteValidate();
        }

        _rows.Clear();
    }

    private T[] Column<T>(Func<PredictedImage, T> value) => [.. _rows.Select(value)];
}
