using CnnService.Core.Training;

namespace CnnService.Web.Persistence;

/// <summary>A sweep: many runs that differ in some fields. Times are UTC.</summary>
internal sealed class SweepRow
{
    public required string Id { get; set; }

    public required string Name { get; set; }

    public SweepState State { get; set; }

    /// <summary>The request as it was sent, JSON.</summary>
    public required string Request { get; set; }

    public MonitoredMetric Metric { get; set; }

    /// <summary>Most trials queued or running at once.</summary>
    public int Parallel { get; set; }

    /// <summary>Of successive halving; null: no trial is ended early.</summary>
    public int? Factor { get; set; }

    /// <summary>Epochs of the first rung; null with <see cref="Factor"/>.</summary>
    public int? FirstEpochs { get; set; }

    public required string Dataset { get; set; }

    /// <summary>The model whose versions the trials become.</summary>
    public required string Model { get; set; }

    public bool CancelRequested { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>The life of a sweep.</summary>
internal enum SweepState
{
    Running,

    /// <summary>All trials are over, and one at least gave a model.</summary>
    Succeeded,

    /// <summary>All trials are over, and none gave a model.</summary>
    Failed,
    Cancelled,
}

/// <summary>A trial of a sweep, there from the start; its run is made when its turn comes.</summary>
internal sealed class SweepTrialRow
{
    public required string SweepId { get; set; }

    /// <summary>From 1, in the order in which they are queued.</summary>
    public int Trial { get; set; }

    /// <summary>JSON: values by path.</summary>
    public required string Values { get; set; }

    /// <summary>The run's request, JSON.</summary>
    public required string Request { get; set; }

    /// <summary>The run's plan but for the run's id, JSON.</summary>
    public required string Plan { get; set; }

    /// <summary>Null while the trial waits for its turn.</summary>
    public string? RunId { get; set; }

    /// <summary>Rungs of successive halving at which it was judged.</summary>
    public int Rungs { get; set; }

    /// <summary>The rung, from 0, that it did not pass.</summary>
    public int? StoppedAtRung { get; set; }
}
