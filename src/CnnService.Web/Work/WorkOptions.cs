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
}
