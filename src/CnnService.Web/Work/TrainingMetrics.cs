using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Web.Work;

/// <summary>
/// Metrics of the runs trained by this process, labelled by run, as there are few. An ended run is reported for two more minutes, so that a
/// scraper that polls once a minute sees its last epoch.
/// </summary>
internal static class TrainingMetrics
{
    private static readonly TimeSpan RetainedFor = TimeSpan.FromMinutes(2);

    private static readonly ConcurrentDictionary<string, Figures> Runs = new(StringComparer.Ordinal);

    private static readonly Counter<long> Ended = Telemetry.Meter.CreateCounter<long>(
        "cnnservice.training.runs", "{run}", "Attempts that ended, by how.");

    static TrainingMetrics()
    {
        Observe("cnnservice.training.images_per_second", "{image}/s", "Training images a second in the last epoch.",
            epoch => epoch.ImagesPerSecond);
        Observe("cnnservice.training.epoch", "{epoch}", "The last finished epoch.", epoch => epoch.Epoch);
        Observe("cnnservice.training.loss", null, "Training loss of the last epoch.", epoch => epoch.Loss);
        Observe("cnnservice.training.accuracy", "1", "Training accuracy of the last epoch.", epoch => epoch.Accuracy);
        Observe("cnnservice.training.validation.loss", null, "Validation loss of the last epoch.", epoch => epoch.ValidationLoss);
        Observe("cnnservice.training.validation.accuracy", "1", "Validation accuracy of the last epoch.",
            epoch => epoch.ValidationAccuracy);
    }

    public static void Epoch(string run, string dataset, EpochMetrics metrics) => Runs[run] = new(dataset, metrics, EndedAt: null);

    public static void End(string run, TrainingEndKind kind)
    {
        if (Runs.TryGetValue(run, out var last))
        {
            Runs[run] = last with { EndedAt = Stopwatch.GetTimestamp() };
        }

        Ended.Add(1, new KeyValuePair<string, object?>("end", kind.ToWireName()));
    }

    private static void Observe(string name, string? unit, string description, Func<EpochMetrics, double> value) =>
        Telemetry.Meter.CreateObservableGauge(name, () => Measure(value), unit, description);

    private static IEnumerable<Measurement<double>> Measure(Func<EpochMetrics, double> value)
    {
        foreach (var entry in Runs)
        {
            var (run, figures) = entry;
            if (figures.EndedAt is { } end && Stopwatch.GetElapsedTime(end) > RetainedFor)
            {
                Runs.TryRemove(entry); // Only if unchanged: the run may have been resumed.
            }
            else if (double.IsFinite(value(figures.Epoch)))
            {
                yield return new(value(figures.Epoch), new KeyValuePair<string, object?>("run", run), new("dataset", figures.Dataset));
            }
        }
    }

    private sealed record Figures(string Dataset, EpochMetrics Epoch, long? EndedAt);
}
