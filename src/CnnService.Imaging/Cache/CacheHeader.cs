using System.Runtime.InteropServices;

namespace CnnService.Imaging.Cache;

/// <summary>The first bytes of a cache file; labels (int32 each) follow, then the pixels from <see cref="PixelsOffset"/>.</summary>
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

    /// <summary>SHA-256 of the key this file answers.</summary>
    public fixed byte Key[32];

    /// <summary>SHA-256 of labels and pixels, so that a rotten file is seen.</summary>
    public fixed byte Content[32];

    /// <summary>Page aligned.</summary>
    public static long PixelsOffset(int count) => (sizeof(CacheHeader) + (4L * count) + Page - 1) / Page * Page;
}
