using System.ComponentModel.DataAnnotations;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>Location and size of the cache of rendered images.</summary>
public sealed class DiskImageCacheOptions
{
    public const string Section = "ImageCache";

    /// <summary>Folder of the cache; safe to delete at any time.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine("cnnservice-data", "cache", "images");

    /// <summary>Size limit in bytes, beyond which the least recently used images are evicted; default 2 GiB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long MaxBytes { get; set; } = 2L << 30;
}
