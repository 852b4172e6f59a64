using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Hosting.Health;

/// <summary>How much room new work needs.</summary>
internal sealed class DiskOptions
{
    public const string Section = "Disk";

    /// <summary>Bytes that must be free on the data directory's disk; 0 to 1 TB, default 2 GB.</summary>
    [Range(0, 1L << 40)]
    public long MinFreeBytes { get; set; } = 2L << 30;
}
