using System.Runtime.InteropServices;

namespace CnnService.Imaging.Cache;

/// <summary>
/// Header of a pack, padded to a page; the pixels of the images follow from <see cref="PixelsAt"/>, then the index: an entry per image,
/// ordered by hash.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct PackHeader
{
    /// <summary>Offset of the first image's pixels, page aligned.</summary>
    public const int PixelsAt = 4096;

    /// <summary>Incremented when decoding or resizing gives different pixels, or the format changes.</summary>
    public const ulong MagicValue = 0x31_4B_43_41_50_4E_43_03;

    public ulong Magic;

    /// <summary>Number of images.</summary>
    public int Count;

    /// <summary>Number of places for images, some of which may be empty.</summary>
    public int Places;

    public int Height;
    public int Width;
    public int Channels;

    /// <summary>Of the index.</summary>
    public ulong Check;
}
