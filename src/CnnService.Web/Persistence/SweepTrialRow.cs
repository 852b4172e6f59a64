namespace CnnService.Web.Persistence;

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
