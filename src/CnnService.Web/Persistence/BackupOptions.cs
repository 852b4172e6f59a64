using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Persistence;

/// <summary>Settings of the backups of the embedded database. PostgreSQL is backed up by its own tools.</summary>
internal sealed class BackupOptions
{
    public const string Section = "Backups";

    /// <summary>Time between two backups; one that is overdue is made at the start. 1 min to 30 days, default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Number of backups that are kept, and of those made before a migration; the oldest go first. 1 to 1000, default 3.</summary>
    [Range(1, 1000)]
    public int Keep { get; set; } = 3;
}
