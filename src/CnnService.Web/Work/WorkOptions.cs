using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Work;

/// <summary>
/// How workers hold what they work on. Work of an owner that is frozen or cut off is taken over within <see cref="Lease"/> and
/// <see cref="RecoverEvery"/> and a second of polling: 21 s by default.
/// </summary>
internal sealed class WorkOptions
{
    public const string Section = "Work";

    /// <summary>How long a claim holds without a sign of life; renewed five times as often. 2 s to 10 min, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often work that nobody does is looked for. 1 s to 10 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RecoverEvery { get; set; } = TimeSpan.FromSeconds(5);
}
