using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Classification.Bulk;

/// <summary>What classifying a data set came to: the file <c>result.json</c>, whole or absent, written after the tables.</summary>
public sealed record BulkResult
{
    public const string File = "result.json";

    public const string CsvFile = "predictions.csv";

    public const string ParquetFile = "predictions.parquet";

    /// <summary>The version of this file's form.</summary>
    public int Format { get; init; } = 1;

    public required int Images { get; init; }

    /// <summary>Against the true classes; null where the network does not know them all.</summary>
    public SplitEvaluation? Evaluation { get; init; }

    public required IReadOnlyList<string> UnknownClasses { get; init; }

    public void Write(string folder, string attempt) =>
        DurableFile.Write(Path.Combine(folder, File), JsonSerializer.SerializeToUtf8Bytes(this, CoreJson.Options), attempt);

    /// <summary>Null where there is none.</summary>
    public static BulkResult? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        return System.IO.File.Exists(path)
            ? JsonSerializer.Deserialize<BulkResult>(System.IO.File.ReadAllBytes(path), CoreJson.Options)
            : null;
    }
}
