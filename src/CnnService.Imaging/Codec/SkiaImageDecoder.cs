using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Imaging.Codec.Markers;
using Microsoft.Extensions.Options;
using SkiaSharp;

namespace CnnService.Imaging.Codec;

/// <summary>
/// Decodes with Skia: the header first, then the pixels at the smallest size that the format can be decoded to and that is not below the
/// target, then a single resize. Of the file Skia gets the first image alone, and the orientation is ours. Colour profiles are ignored.
/// Thread safe.
/// </summary>
internal sealed class SkiaImageDecoder(IOptions<ImagingOptions> options) : IImageDecoder
{
    // Bilinear sampling (four source pixels) covers every pixel down to half the size; below that, mipmaps are needed, which take four
    // times as long.
    private static readonly SKSamplingOptions BilinearSampling = new(SKFilterMode.Linear, SKMipmapMode.None);
    private static readonly SKSamplingOptions MipmapSampling = new(SKFilterMode.Linear, SKMipmapMode.Linear);

    private readonly ImagingOptions _options = options.Value;

    public Outcome<ImageHeader> ReadHeader(ReadOnlyMemory<byte> file) =>
        WithCodec(file, (codec, mediaType, markers) =>
        {
            var upright = Upright(markers.Orientation, new SKSizeI(codec.Info.Width, codec.Info.Height));
            return (Outcome<ImageHeader>)new ImageHeader(
                mediaType, upright.Width, upright.Height, codec.Info.ColorType is SKColorType.Gray8);
        });

    public Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, DecodeTarget target) =>
        WithCodec(file, (codec, _, markers) => markers.IsTruncated && !target.AllowTruncated
            ? Truncated()
            : Decode(codec, markers.Orientation, target));

    private static Outcome<PixelBuffer> Decode(SKCodec codec, int orientation, DecodeTarget target)
    {
        var stored = new SKSizeI(codec.Info.Width, codec.Info.Height);
        var wanted = target.Width == 0 ? stored : Upright(orientation, new SKSizeI(target.Width, target.Height));
        var size = ScaledSize(codec, stored, wanted);
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var pixels = new SKBitmap();
        if (!pixels.TryAllocPixels(info))
        {
            return new Problem(ProblemKind.TooLarge, "image.too-large", $"No memory for an image of {info.Width}x{info.Height} pixels.");
        }

        var result = codec.GetPixels(info, pixels.GetPixels());
        if (result is SKCodecResult.IncompleteInput && !target.AllowTruncated)
        {
            return Truncated();
        }

        if (result is not (SKCodecResult.Success or SKCodecResult.IncompleteInput))
        {
            return Unreadable($"its data is damaged ({result})");
        }

        return Flatten(pixels, wanted, target.Channels, orientation);
    }

    /// <summary>Resizes, blends on white and turns upright.</summary>
    private static PixelBuffer Flatten(SKBitmap pixels, SKSizeI size, int channels, int orientation)
    {
        if (pixels.Width == size.Width && pixels.Height == size.Height)
        {
            return UprightPixels.Write(pixels.GetPixelSpan(), pixels.RowBytes, size.Width, size.Height, channels, orientation);
        }

        var sampling = pixels.Width <= 2 * size.Width && pixels.Height <= 2 * size.Height ? BilinearSampling : MipmapSampling;
        using var resized = pixels.Resize(pixels.Info.WithSize(size.Width, size.Height), sampling)
            ?? throw new InvalidOperationException($"Skia did not resize {pixels.Width}x{pixels.Height} to {size.Width}x{size.Height}.");
        return UprightPixels.Write(resized.GetPixelSpan(), resized.RowBytes, size.Width, size.Height, channels, orientation);
    }

    /// <summary>The smallest size the codec can decode to directly that is not below the target; JPEG supports eighths.</summary>
    private static SKSizeI ScaledSize(SKCodec codec, SKSizeI stored, SKSizeI wanted)
    {
        if (codec.EncodedFormat is not SKEncodedImageFormat.Jpeg)
        {
            return stored;
        }

        for (var eighths = 1; eighths < 8; eighths++)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            if (size.Width >= wanted.Width && size.Height >= wanted.Height)
            {
                return size;
            }
        }

        return stored;
    }

    /// <summary>The size after turning, or that of the stored image which turns into it: from 5 on the sides change places.</summary>
    private static SKSizeI Upright(int orientation, SKSizeI size) =>
        orientation >= 5 ? new(size.Height, size.Width) : size;

    private static Problem Truncated() => Problem.Unprocessable("image.truncated", "The image's data ends before its last row.");

    private static Problem Unreadable(string why) => Problem.Unprocessable("image.unreadable", $"The image cannot be decoded: {why}.");

    private unsafe Outcome<T> WithCodec<T>(ReadOnlyMemory<byte> file, Func<SKCodec, string, ImageMarkers, Outcome<T>> use)
    {
        if (file.IsEmpty)
        {
            return Unreadable("the file is empty");
        }

        if (file.Length > _options.MaxFileBytes)
        {
            return new Problem(ProblemKind.TooLarge, "image.too-large",
                $"An image file may have {_options.MaxFileBytes} bytes, received {file.Length}.");
        }

        if (ImageFormat.MediaTypeOf(file.Span) is not { } mediaType)
        {
            return new Problem(ProblemKind.UnsupportedMedia, "image.unsupported",
                "The file is no JPEG, PNG, WebP, GIF or BMP image, judged by its content.");
        }

        var markers = ImageMarkers.Read(file.Span);
        using var pin = file.Pin();
        using var data = SKData.Create((nint)pin.Pointer, markers.Length);
        using var codec = SKCodec.Create(data);
        if (codec is null)
        {
            return markers.IsTruncated ? Truncated() : Unreadable($"it begins as {mediaType} but its header is damaged");
        }

        return TooLarge(codec.Info.Width, codec.Info.Height) is { } problem ? problem : use(codec, mediaType, markers);
    }

    private Problem? TooLarge(int width, int height) =>
        width > _options.MaxSide || height > _options.MaxSide || (long)width * height > _options.MaxPixels
            ? new Problem(
                ProblemKind.TooLarge,
                "image.too-large",
                $"An image may have {_options.MaxPixels} pixels and sides of {_options.MaxSide}, received {width}x{height}.")
            : null;
}
