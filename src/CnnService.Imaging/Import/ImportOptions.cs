using System.ComponentModel.DataAnnotations;

namespace CnnService.Imaging.Import;

/// <summary>Limits of what an archive or folder may hold.</summary>
public sealed class ImportOptions
{
    public const string Section = "Import";

    /// <summary>Bytes in all, counted while unpacking; default 20 GB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxBytes { get; set; } = 20L << 30;

    /// <summary>Entries; default 200,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxEntries { get; set; } = 200_000;

    /// <summary>UTF-8 bytes of an entry's path; default 512.</summary>
    [Range(16, 4096)]
    public int MaxNameBytes { get; set; } = 512;

    /// <summary>Folders above a file; default 16.</summary>
    [Range(1, 256)]
    public int MaxDepth { get; set; } = 16;

    /// <summary>Unpacked over packed bytes, once 10 MB are unpacked; default 200.</summary>
    [Range(2, 10_000)]
    public int MaxRatio { get; set; } = 200;
}
