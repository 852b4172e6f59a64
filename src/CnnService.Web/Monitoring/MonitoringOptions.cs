using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Monitoring;

/// <summary>Settings of shadow traffic and capture.</summary>
internal sealed class MonitoringOptions
{
    public const string Section = "Monitoring";

    /// <summary>
    /// Length of the queues of shadow traffic and of capture; images that find their queue full are dropped and counted. Default 64.
    /// </summary>
    [Range(1, 100_000)]
    public int QueueSize { get; set; } = 64;

    /// <summary>Size of the image files in each queue, in MiB; default 64.</summary>
    [Range(1, 100_000)]
    public int QueueMebibytes { get; set; } = 64;

    /// <summary>Interval of storing counts and reloading settings; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan FlushEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Retention of prediction counts; default 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepCounts { get; set; } = TimeSpan.FromDays(90);
}
