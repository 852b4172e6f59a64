using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Classification.Bulk;

/// <summary>Summary of a classified data set, stored as <c>result.json</c>. It is written atomically, after the tables.</summary>
public sealed record BulkResult
{
    public const string File = "result.json";

    public const string CsvFile = "predictions.csv";

    public const string ParquetFile = "predictions.parquet";

    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = 1;

    public required int Images { get; init; }

    /// <summary>Evaluation against the true classes; null if the model does not know all of them.</summary>
    public SplitEvaluation? Evaluation { get; init; }

    /// <summary>How many images the version knows; null where it cannot tell.</summary>
    public int? Known { get; init; }

    public required IReadOnlyList<string> UnknownClasses { get; init; }

    public void Write(string folder, string attempt) =>
        DurableFile.Write(Path.Combine(folder, File), JsonSerializer.SerializeToUtf8Bytes(this, CoreJson.Options), attempt);

    /// <summary>Reads the summary of a folder; null if there is none.</summary>
    public static BulkResult? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        return System.IO.File.Exists(path)
            ? JsonSerializer.Deserialize<BulkResult>(RegularFile.ReadAllBytes(path), CoreJson.Options)
            : null;
    }
}
