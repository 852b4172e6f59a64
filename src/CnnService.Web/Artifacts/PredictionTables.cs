using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Writes the results of classifying a data set: CSV, Parquet and, last, the summary. Each file is written completely or not at all.
/// </summary>
internal static class PredictionTables
{
    private const int CheckEvery = 256;

    /// <summary>Writes all files in one pass over the scores. A cancelled call throws; the next one overwrites its files.</summary>
    public static async Task WriteAsync(string folder, int attempt, BulkPlan plan, PredictionFile scores, CancellationToken cancel)
    {
        var mark = attempt.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var tally = new BulkStatistics(plan);
        await DurableFile.WriteAsync(
            Path.Combine(folder, BulkResult.ParquetFile),
            parquetStream => DurableFile.WriteAsync(Path.Combine(folder, BulkResult.CsvFile),
                csvStream => FillAsync(parquetStream, csvStream, plan, scores, tally, cancel), mark),
            mark);
        tally.Result().Write(folder, mark);
    }

    /// <summary>Moves all that was written to where it is seen, the summary last; what was moved already stays.</summary>
    public static void Publish(string folder, string target)
    {
        foreach (var file in new[] { BulkResult.ParquetFile, BulkResult.CsvFile, BulkResult.File }.Where(
            file => File.Exists(Path.Combine(folder, file))))
        {
            DurableFile.Publish(Path.Combine(folder, file), Path.Combine(target, file));
        }
    }

    private static async Task FillAsync(
        Stream parquetStream, Stream csvStream, BulkPlan plan, PredictionFile scores, BulkStatistics tally, CancellationToken cancel)
    {
        using var csv = new PredictionCsv(csvStream, plan);
        await using var parquet = await PredictionParquet.CreateAsync(parquetStream, plan);
        foreach (var (index, row) in scores.Read().Index())
        {
            if (index % CheckEvery == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            var image = PredictedImage.From(plan, index, row);
            tally.Add(row, image.IsKnown);
            csv.Add(image);
            await parquet.AddAsync(image);
        }

        await parquet.CompleteAsync();
    }
}
