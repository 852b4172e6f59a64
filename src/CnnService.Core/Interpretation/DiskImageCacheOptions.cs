using System.ComponentModel.DataAnnotations;

namespace CnnService.Core.Interpretation;

/// <summary>Where drawn images are kept, and how many.</summary>
public sealed class DiskImageCacheOptions
{
    public const string Section = "ImageCache";

    /// <summary>Safe to delete at any time.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine("cnnservice-data", "cache", "images");

    /// <summary>Bytes the images may take before the longest unused ones go; default 2 GB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxBytes { get; set; } = 2L << 30;
}
