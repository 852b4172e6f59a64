using System.Runtime.InteropServices;

namespace CnnService.Imaging.Cache;

/// <summary>Header of a cache file; followed by the labels (int32 each) and, from <see cref="PixelsOffset"/>, the pixels.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal unsafe struct CacheHeader
{
    public const ulong MagicValue = 0x31_58_49_50_4E_4E_43_01;

    private const int Page = 4096;

    public ulong Magic;
    public int Count;
    public int Height;
    public int Width;
    public int Channels;

    /// <summary>SHA-256 of the cache key.</summary>
    public fixed byte Key[32];

    /// <summary>SHA-256 of labels and pixels, to detect corruption.</summary>
    public fixed byte Content[32];

    /// <summary>Offset of the first pixel, page aligned.</summary>
    public static long PixelsOffset(int count) => (sizeof(CacheHeader) + (4L * count) + Page - 1) / Page * Page;
}
