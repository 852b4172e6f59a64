using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Web.Jobs;

/// <summary>What the runs of this process come to. Those at work are told apart; there are never many.</summary>
internal static class TrainingMetrics
{
    private static readonly ConcurrentDictionary<string, (string Dataset, EpochMetrics Epoch)> AtWork = new(StringComparer.Ordinal);

    private static readonly Counter<long> Ended = Telemetry.Meter.CreateCounter<long>(
        "cnnservice.training.runs", "{run}", "Attempts that ended, by how.");

    static TrainingMetrics()
    {
        Observe("cnnservice.training.images_per_second", "{picture}/s", "Training pictures a second in the last epoch.", epoch => epoch.ImagesPerSecond);
        Observe("cnnservice.training.epoch", "{epoch}", "The last finished epoch.", epoch => epoch.Epoch);
        Observe("cnnservice.training.loss", "1", "Training loss of the last epoch.", epoch => epoch.Loss);
        Observe("cnnservice.training.validation.accuracy", "1", "Validation accuracy of the last epoch.", epoch => epoch.ValidationAccuracy);
    }

    public static void Epoch(string run, string dataset, EpochMetrics metrics) => AtWork[run] = (dataset, metrics);

    public static void End(string run, TrainingEndKind kind)
    {
        AtWork.TryRemove(run, out _);
        Ended.Add(1, new KeyValuePair<string, object?>("end", kind.ToString().ToLowerInvariant()));
    }

    private static void Observe(string name, string unit, string description, Func<EpochMetrics, double> value) => Telemetry.Meter.CreateObservableGauge(
        name,
        () => AtWork.Where(run => double.IsFinite(value(run.Value.Epoch))).Select(run => new Measurement<double>(value(run.Value.Epoch), new KeyValuePair<string, object?>("run", run.Key), new("dataset", run.Value.Dataset))),
        unit,
        description);
}
