using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Artifacts.Uploads;

/// <summary>Limits of uploads in pieces. The size of one is limited by <c>Limits:DatasetBytes</c>.</summary>
internal sealed class UploadOptions
{
    public const string Section = "Uploads";

    /// <summary>Uploads that may be open at a time, complete ones included; default 32. Further ones get 429.</summary>
    [Range(1, 10_000)]
    public int MaxOpen { get; set; } = 32;

    /// <summary>Time without a new piece, or use, after which an upload is deleted. 1 min to 30 days, default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);
}
