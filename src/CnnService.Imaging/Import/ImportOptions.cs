using System.ComponentModel.DataAnnotations;

namespace CnnService.Imaging.Import;

/// <summary>Limits on the archives and folders that are imported.</summary>
public sealed class ImportOptions
{
    public const string Section = "Import";

    /// <summary>Maximum total size, bytes, counted while unpacking; default 20 GB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxBytes { get; set; } = 20L << 30;

    /// <summary>Maximum number of entries; default 200,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxEntries { get; set; } = 200_000;

    /// <summary>Maximum length of an entry's path, UTF-8 bytes; default 512.</summary>
    [Range(16, 4096)]
    public int MaxNameBytes { get; set; } = 512;

    /// <summary>Maximum depth of folders above a file; default 16.</summary>
    [Range(1, 256)]
    public int MaxDepth { get; set; } = 16;

    /// <summary>Maximum ratio of unpacked to packed bytes, enforced once 10 MB are unpacked; default 200.</summary>
    [Range(2, 10_000)]
    public int MaxRatio { get; set; } = 200;

    /// <summary>
    /// Time within which at least one more file must be read or decoded; a source or decoder that is stuck beyond it ends the import. 1 s
    /// to 1 h, default 2 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Time limit of a whole import. 1 s to 7 days, default 6 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Time limit of telling what an import would give. 1 s to 1 h, default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan InspectionTimeLimit { get; set; } = TimeSpan.FromMinutes(5);
}
