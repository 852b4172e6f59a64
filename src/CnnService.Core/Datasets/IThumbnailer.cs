using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Scales images for display. Thread safe.</summary>
public interface IThumbnailer
{
    /// <summary>A JPEG that fits into a square of this side, upright, with the image's aspect ratio; never larger than the image.</summary>
    /// <param name="file">An encoded image file.</param>
    /// <param name="side">Pixels, 16 to 1024.</param>
    Outcome<byte[]> Create(ReadOnlyMemory<byte> file, int side);
}
