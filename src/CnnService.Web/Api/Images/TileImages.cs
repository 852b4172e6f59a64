using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Web.Api.Images;

/// <summary>Decodes images for the tiles of a sheet.</summary>
internal static class TileImages
{
    /// <summary>
    /// Decodes an image scaled to fit a tile, with its aspect ratio kept; null if the file is missing or cannot be decoded.
    /// </summary>
    /// <param name="decoder">Decodes the file.</param>
    /// <param name="file">The image file; null if it no longer exists.</param>
    /// <param name="side">Side of the tile in pixels.</param>
    public static PixelBuffer? Decode(IImageDecoder decoder, byte[]? file, int side)
    {
        var image = file is null ? null : decoder.ReadHeader(file).Bind(header =>
        {
            var scale = (double)side / Math.Max(header.Width, header.Height);
            int Scaled(int length) => Math.Max(1, (int)Math.Round(length * scale));
            return decoder.Decode(file, new DecodeTarget(Scaled(header.Width), Scaled(header.Height), 3, AllowTruncated: true));
        });
        return image is { Succeeded: true } ? image.Value : null;
    }
}
