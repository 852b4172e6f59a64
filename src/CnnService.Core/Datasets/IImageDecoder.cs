using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>
/// Decodes uploaded image files: JPEG, PNG, WebP, GIF (first frame) and BMP, detected by content. The only decoder and resize of the
/// service: training and serving both use it, which rules out preprocessing skew. Thread safe.
/// </summary>
public interface IImageDecoder
{
    /// <summary>Reads the header only: format and upright size; refuses what <see cref="Decode"/> would refuse by its header.</summary>
    Outcome<ImageHeader> ReadHeader(ReadOnlyMemory<byte> file);

    /// <summary>
    /// Decodes to 8-bit sRGB, upright (EXIF orientation applied), alpha blended on white; CMYK and 16-bit images are converted. Problem
    /// codes: <c>image.unsupported</c> (415), <c>image.too-large</c> (413), <c>image.unreadable</c> (422), <c>image.truncated</c> (422).
    /// </summary>
    Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, DecodeTarget target);
}

/// <summary>The size and form that <see cref="IImageDecoder.Decode"/> produces.</summary>
/// <param name="Width">Pixels; 0 keeps the image's own size.</param>
/// <param name="Height">Pixels; 0 keeps the image's own size.</param>
/// <param name="Channels">1 or 3.</param>
/// <param name="AllowTruncated">Accept a truncated file and decode what is there.</param>
public readonly record struct DecodeTarget(int Width, int Height, int Channels, bool AllowTruncated = false)
{
    /// <summary>The image at its own size, upright, RGB.</summary>
    public static DecodeTarget Original => new(0, 0, 3);
}

/// <summary>What an image file's header says.</summary>
/// <param name="MediaType">image/jpeg, image/png, image/webp, image/gif or image/bmp.</param>
/// <param name="Width">Upright, pixels.</param>
/// <param name="Height">Upright, pixels.</param>
/// <param name="IsGrey">True where the file holds one channel.</param>
public readonly record struct ImageHeader(string MediaType, int Width, int Height, bool IsGrey);
