using CnnService.Core.Common;
using CnnService.Core.Datasets;
using SkiaSharp;

namespace CnnService.Imaging.Codec;

/// <inheritdoc cref="IThumbnailer"/>
internal sealed class SkiaThumbnailer(IImageDecoder decoder) : IThumbnailer
{
    private const int Quality = 85;

    public Outcome<byte[]> Create(ReadOnlyMemory<byte> file, int side) => decoder.ReadHeader(file).Bind(header =>
    {
        var scale = Math.Min(1.0, side / (double)Math.Max(header.Width, header.Height));
        var width = Math.Max(1, (int)Math.Round(header.Width * scale));
        var height = Math.Max(1, (int)Math.Round(header.Height * scale));
        return decoder.Decode(file, new DecodeTarget(width, height, 3, AllowTruncated: true)).Bind<byte[]>(Encode);
    });

    private static Outcome<byte[]> Encode(PixelBuffer file)
    {
        var info = new SKImageInfo(file.Width, file.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = new byte[info.BytesSize];
        for (int from = 0, to = 0; from < file.Data.Length; from += 3, to += 4)
        {
            file.Data.AsSpan(from, 3).CopyTo(pixels.AsSpan(to));
            pixels[to + 3] = 255;
        }

        using var image = SKImage.FromPixelCopy(info, pixels);
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
