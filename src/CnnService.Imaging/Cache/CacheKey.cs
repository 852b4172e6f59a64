using System.Security.Cryptography;
using System.Text;
using CnnService.Core.Datasets;

namespace CnnService.Imaging.Cache;

/// <summary>Identifies the content of a cache file: a split of a data set at one size.</summary>
internal readonly record struct CacheKey(string DatasetDigest, Split Split, int Height, int Width, int Channels)
{
    /// <summary>Incremented when decoding or resizing gives different pixels.</summary>
    private const int DecoderVersion = 3;

    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{DecoderVersion}|{DatasetDigest}|{Split}|{Height}|{Width}|{Channels}"));

    public string PathIn(string folder) => Path.Combine(folder, Convert.ToHexStringLower(Hash().AsSpan(0, 16)) + ".pixels");

    public int BytesPerImage => Height * Width * Channels;
}
