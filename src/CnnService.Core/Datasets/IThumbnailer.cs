using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>Pictures made ready to be shown to people. Thread safe.</summary>
public interface IThumbnailer
{
    /// <summary>A JPEG that fits a square of this side, upright, in the picture's own proportions; never larger than the picture.</summary>
    /// <param name="file">A picture file.</param>
    /// <param name="side">Pixels, 16 to 1024.</param>
    Outcome<byte[]> Create(ReadOnlyMemory<byte> file, int side);
}
