using System.Diagnostics;
using System.Diagnostics.Metrics;
using CnnService.Core.Common;

namespace CnnService.Core.Classification;

/// <summary>Metrics of classification: duration of stages, batch sizes, queue length, refusals, open sessions.</summary>
public static class ClassifyMetrics
{
    private static readonly Histogram<double> Stages = Telemetry.Meter.CreateHistogram<double>(
        "cnnservice.classify.stage.duration", "s", "Time of an image in a stage: decode, queue, inference.");

    private static readonly Histogram<long> Batches = Telemetry.Meter.CreateHistogram<long>(
        "cnnservice.classify.batch.size", "{image}", "Images in a run of a network.");

    private static readonly UpDownCounter<long> WaitingNow = Telemetry.Meter.CreateUpDownCounter<long>(
        "cnnservice.classify.waiting", "{image}", "Images in the queues, or in the run that they wait for.");

    private static readonly Counter<long> Refusals = Telemetry.Meter.CreateCounter<long>(
        "cnnservice.classify.refused", "{image}", "Images that were not classified, by the code of their problem.");

    private static readonly UpDownCounter<long> SessionsNow = Telemetry.Meter.CreateUpDownCounter<long>(
        "cnnservice.sessions.open", "{session}", "Networks held in memory for serving.");

    private static readonly Counter<long> BulkImages = Telemetry.Meter.CreateCounter<long>(
        "cnnservice.classify.jobs.images", "{image}", "Images of whole data sets that were classified.");

    /// <summary>Records the duration of a stage for one image.</summary>
    public static void Stage(string stage, string model, TimeSpan took) =>
        Stages.Record(took.TotalSeconds, new("stage", stage), new KeyValuePair<string, object?>("model", model));

    public static void Batch(int size) => Batches.Record(size);

    /// <summary>Adds to the number of queued images; negative when they leave.</summary>
    public static void Waiting(int change) => WaitingNow.Add(change);

    public static void Refused(string code) => Refusals.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>Counts images of bulk classification.</summary>
    public static void Bulk(int images) => BulkImages.Add(images);

    /// <summary>Adds to the number of open sessions; negative when they are disposed.</summary>
    public static void Sessions(int change) => SessionsNow.Add(change);

    /// <summary>Records two spans after the fact: the wait for a batch, and its run.</summary>
    /// <param name="entered">When the image entered the queue.</param>
    /// <param name="queue">Time in the queue.</param>
    /// <param name="inference">Duration of the run.</param>
    /// <param name="batch">Number of images in the batch.</param>
    public static void Trace(DateTimeOffset entered, TimeSpan queue, TimeSpan inference, int batch)
    {
        using (var waited = Telemetry.ActivitySource.StartActivity("queue", ActivityKind.Internal, default(ActivityContext),
            startTime: entered))
        {
            waited?.SetEndTime((entered + queue).UtcDateTime);
        }

        using var ran = Telemetry.ActivitySource.StartActivity("inference", ActivityKind.Internal, default(ActivityContext),
            startTime: entered + queue);
        ran?.SetTag("cnnservice.batch_size", batch).SetEndTime((entered + queue + inference).UtcDateTime);
    }
}
