using System.ComponentModel.DataAnnotations;

namespace CnnService.Imaging.Codec;

/// <summary>Limits of what is decoded, and where decoded pictures are kept.</summary>
public sealed class ImagingOptions
{
    public const string Section = "Imaging";

    /// <summary>Bytes of one picture file; 1 KB to 1 GB, default 20 MB.</summary>
    [Range(1024, 1 << 30)]
    public int MaxFileBytes { get; set; } = 20 << 20;

    /// <summary>Pixels of one picture; default 50 million.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxPixels { get; set; } = 50_000_000;

    /// <summary>Pixels of a picture's side; default 16,384.</summary>
    [Range(1, 65_535)]
    public int MaxSide { get; set; } = 16_384;

    /// <summary>The folder of the pixel cache; safe to delete while the service is down.</summary>
    [Required]
    public string PixelCacheFolder { get; set; } = Path.Combine("cnnservice-data", "cache", "pixels");

    /// <summary>Bytes the pixel cache may take before the longest unused files go; default 20 GB.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long PixelCacheBytes { get; set; } = 20L << 30;
}
