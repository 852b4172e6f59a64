using System.ComponentModel.DataAnnotations;

namespace CnnService.Core.Interpretation;

/// <summary>Where drawn pictures are kept, and how many.</summary>
public sealed class DiskPictureCacheOptions
{
    public const string Section = "PictureCache";

    /// <summary>Safe to delete at any time.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine("cnnservice-data", "cache", "pictures");

    /// <summary>Bytes the pictures may take before the longest unused ones go; default 2 GB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxBytes { get; set; } = 2L << 30;
}
