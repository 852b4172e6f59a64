using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;

namespace CnnService.Web.Persistence;

/// <summary>A sweep: many runs that differ in some fields. Times are UTC.</summary>
internal sealed class SweepRow
{
    public required string Id { get; set; }

    public required string Name { get; set; }

    public SweepState State { get; set; }

    /// <summary>The request as it was sent, as JSON.</summary>
    public required string Request { get; set; }

    public MonitoredMetric Metric { get; set; }

    /// <summary>Maximum number of trials queued or running at once.</summary>
    public int Parallel { get; set; }

    /// <summary>Reduction factor of successive halving; null: no trial is stopped early.</summary>
    public int? Factor { get; set; }

    /// <summary>Epochs of the first rung; null if <see cref="Factor"/> is null.</summary>
    public int? FirstEpochs { get; set; }

    public required string Dataset { get; set; }

    /// <summary>Number of the data set's revision.</summary>
    public int DatasetRevision { get; set; } = 1;

    /// <summary>The model that the trials publish versions of.</summary>
    public required string Model { get; set; }

    public bool CancelRequested { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>How poor trials are stopped early; null if none is.</summary>
    public HalvingSpec? Halving() =>
        this is { Factor: { } factor, FirstEpochs: { } first } ? new() { Factor = factor, FirstEpochs = first } : null;
}
