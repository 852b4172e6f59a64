using System.ComponentModel.DataAnnotations;

namespace CnnService.Imaging.Codec;

/// <summary>Limits on decoded images, and the location and size of the pixel cache.</summary>
public sealed class ImagingOptions
{
    public const string Section = "Imaging";

    /// <summary>Maximum size of an image file, bytes; 1 KB to 1 GB, default 20 MB.</summary>
    [Range(1024, 1 << 30)]
    public int MaxFileBytes { get; set; } = 20 << 20;

    /// <summary>Maximum number of pixels of an image; default 50 million.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxPixels { get; set; } = 50_000_000;

    /// <summary>Maximum width and height of an image, pixels; default 16,384.</summary>
    [Range(1, 65_535)]
    public int MaxSide { get; set; } = 16_384;

    /// <summary>Folder of the pixel cache; safe to delete while the service is down.</summary>
    [Required]
    public string PixelCacheFolder { get; set; } = Path.Combine("cnnservice-data", "cache", "pixels");

    /// <summary>Capacity of the pixel cache, bytes, beyond which the least recently used files are deleted; default 20 GB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long PixelCacheBytes { get; set; } = 20L << 30;
}
