using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Persistence;

/// <summary>How long what grows with use is kept.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Changes that clients made. 1 day to 10 years, default 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan Audit { get; set; } = TimeSpan.FromDays(90);
}
