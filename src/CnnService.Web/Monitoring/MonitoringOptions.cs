using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Monitoring;

/// <summary>What is done behind the answers: shadow traffic and kept predictions.</summary>
internal sealed class MonitoringOptions
{
    public const string Section = "Watching";

    /// <summary>Images that may wait for a candidate, and as many to be kept; one more is let go and counted. Default 64.</summary>
    [Range(1, 100_000)]
    public int QueueSize { get; set; } = 64;

    /// <summary>MiB of image files that may wait in either queue; default 64.</summary>
    [Range(1, 100_000)]
    public int QueueMebibytes { get; set; } = 64;

    /// <summary>How often counts go to the database, and settings made elsewhere are looked at; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan FlushEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long counts of served predictions are kept; default 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepCounts { get; set; } = TimeSpan.FromDays(90);
}
