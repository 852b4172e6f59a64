using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Work;

/// <summary>
/// Settings of leases. The work of a frozen or disconnected worker is taken over after at most <see cref="Lease"/>,
/// <see cref="RecoverEvery"/> and a second of polling: 21 s by default.
/// </summary>
internal sealed class WorkOptions
{
    public const string Section = "Work";

    /// <summary>Duration of a claim without renewal; it is renewed at a fifth of that. 2 s to 10 min, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Interval of the search for work without a worker. 1 s to 10 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RecoverEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Pause after an attempt that died without progress; each further one doubles it, up to <see cref="LongestRetryPause"/>. 0.1 s to
    /// 10 min, default 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest pause between two attempts. 0.1 s to 10 min, default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan LongestRetryPause { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The pause before the next attempt.</summary>
    /// <param name="attempts">Attempts without progress; after none the work goes on at once.</param>
    public TimeSpan PauseAfter(int attempts)
    {
        const int MaxDoublings = 13; // From 0.1 s to more than 10 min.
        var pause = attempts > 0 ? RetryPause * (1 << Math.Min(attempts - 1, MaxDoublings)) : TimeSpan.Zero;
        return pause < LongestRetryPause ? pause : LongestRetryPause;
    }
}
