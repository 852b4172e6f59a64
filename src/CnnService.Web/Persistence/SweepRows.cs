using CnnService.Core.Training;

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

    /// <summary>The model that the trials publish versions of.</summary>
    public required string Model { get; set; }

    public bool CancelRequested { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>State of a sweep.</summary>
internal enum SweepState
{
    Running,

    /// <summary>All trials have ended, and at least one produced a model.</summary>
    Succeeded,

    /// <summary>All trials have ended, and none produced a model.</summary>
    Failed,
    Cancelled,
}

/// <summary>A trial of a sweep. Created with the sweep; its run is created when it is queued.</summary>
internal sealed class SweepTrialRow
{
    public required string SweepId { get; set; }

    /// <summary>From 1, in the order in which trials are queued.</summary>
    public int Trial { get; set; }

    /// <summary>Values by path into the request, as JSON.</summary>
    public required string Values { get; set; }

    /// <summary>The run's request, as JSON.</summary>
    public required string Request { get; set; }

    /// <summary>The run's plan except for the run's id, as JSON.</summary>
    public required string Plan { get; set; }

    /// <summary>Null until the trial is queued.</summary>
    public string? RunId { get; set; }

    /// <summary>Number of rungs of successive halving that were judged.</summary>
    public int Rungs { get; set; }

    /// <summary>The rung, from 0, at which it was stopped; null if it was not.</summary>
    public int? StoppedAtRung { get; set; }
}
