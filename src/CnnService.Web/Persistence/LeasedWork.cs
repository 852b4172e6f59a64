namespace CnnService.Web.Persistence;

/// <summary>
/// The state of leased work: its progress through life, its owner and the end of its lease. Stored in the row's own table.
/// </summary>
internal sealed class LeasedWork
{
    public WorkState State { get; set; }

    /// <summary>The worker that claimed it last.</summary>
    public string? Owner { get; set; }

    /// <summary>
    /// End of the lease, or of the pause before queued work is retried, UTC, by the clock of <see cref="StoreClock"/>; once it has passed,
    /// any worker may claim the row.
    /// </summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>The fencing number: incremented by every claim, and stated by every write of its worker.</summary>
    public int Fence { get; set; }

    /// <summary>Claims since a user queued it, except those ended by a shutdown; limited.</summary>
    public int Tries { get; set; }

    /// <summary>Those of <see cref="Tries"/> since the last progress that is kept between attempts.</summary>
    public int TriesWithoutProgress { get; set; }

    /// <summary>Labels that its worker must meet, separated by spaces; null: any worker may claim it.</summary>
    public string? Requires { get; set; }

    /// <summary>Whether its worker was requested to stop.</summary>
    public bool CancelRequested { get; set; }

    /// <summary>The problem it ended with, or the reason of the request to stop, as JSON.</summary>
    public string? Failure { get; set; }

    /// <summary>Time of the first claim, UTC.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>UTC; null until it has ended.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Work that waits for a worker with these labels.</summary>
    /// <param name="labels">Null: any worker.</param>
    public static LeasedWork Requiring(IReadOnlyList<string>? labels) =>
        new() { Requires = labels is { Count: > 0 } ? string.Join(' ', labels) : null };

    /// <summary>The labels of <see cref="Requires"/>.</summary>
    public static string[] Split(string? requires) => requires?.Split(' ') ?? [];
}

/// <summary>A row whose work is carried out under a lease.</summary>
internal abstract class LeasedRow
{
    public LeasedWork Work { get; set; } = new();
}

/// <summary>A row whose progress is measured by a number of items.</summary>
internal abstract class CountedRow : LeasedRow
{
    public int Done { get; set; }

    public int Total { get; set; }
}
