namespace CnnService.Web.Persistence;

/// <summary>What is known of work that a worker does on a lease: how far its life is, who holds it and until when. A part of its
/// row.</summary>
internal sealed class LeasedWork
{
    public WorkState State { get; set; }

    /// <summary>The worker that claimed it last.</summary>
    public string? Owner { get; set; }

    /// <summary>UTC, by the clock that <see cref="StoreClock"/> tells; past: anybody may claim it.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Raised by every claim: the fencing number that each later write of its worker must name.</summary>
    public int Fence { get; set; }

    /// <summary>Claims since a person queued it that were not ended by a shutdown: these are limited.</summary>
    public int Tries { get; set; }

    /// <summary>Those of <see cref="Tries"/> that came after the last progress which outlives an attempt.</summary>
    public int BarrenTries { get; set; }

    /// <summary>Somebody asked its worker to stop.</summary>
    public bool CancelRequested { get; set; }

    /// <summary>JSON of the problem it ended with, or of the reason it was asked to stop for.</summary>
    public string? Failure { get; set; }

    /// <summary>Of the first claim, UTC.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>UTC; null while it is not over.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>A row whose work is done on a lease.</summary>
internal abstract class LeasedRow
{
    public LeasedWork Work { get; set; } = new();
}

/// <summary>A row whose work is told in parts done.</summary>
internal abstract class CountedRow : LeasedRow
{
    public int Done { get; set; }

    public int Total { get; set; }
}
