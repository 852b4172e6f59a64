using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Web.Api.Images;

/// <summary>Pictures for the tiles of a sheet.</summary>
internal static class SmallPicture
{
    /// <summary>A picture that fits a tile, in its own proportions; null where it is gone or does not read.</summary>
    /// <param name="decoder">Reads it.</param>
    /// <param name="file">Its file.</param>
    /// <param name="side">Of the tile, pixels.</param>
    public static PixelBuffer? Decode(IImageDecoder decoder, byte[]? file, int side)
    {
        var picture = file is null ? null : decoder.ReadHeader(file).Bind(header =>
        {
            var scale = (double)side / Math.Max(header.Width, header.Height);
            int Scaled(int length) => Math.Max(1, (int)Math.Round(length * scale));
            return decoder.Decode(file, new DecodeTarget(Scaled(header.Width), Scaled(header.Height), 3, AllowTruncated: true));
        });
        return picture is { Succeeded: true } ? picture.Value : null;
    }
}
