using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CnnService.Imaging.Cache;

/// <summary>An image of a pack.</summary>
/// <param name="Sha256">Of the image file, hex.</param>
/// <param name="Place">Where its pixels lie, counted in images.</param>
/// <param name="Check">Of its pixels, to detect corruption.</param>
internal readonly record struct PackEntry(string Sha256, int Place, ulong Check)
{
    public const int HashBytes = 32;
    public const int Bytes = HashBytes + sizeof(int) + sizeof(ulong);

    /// <summary>The first 64 bits of the SHA-256 of some bytes.</summary>
    public static ulong CheckOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    public void Write(Span<byte> entry)
    {
        Convert.FromHexString(Sha256, entry[..HashBytes], out _, out _);
        BinaryPrimitives.WriteInt32LittleEndian(entry[HashBytes..], Place);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[(HashBytes + sizeof(int))..], Check);
    }

    /// <summary>Place and check of an entry.</summary>
    public static (int Place, ulong Check) Read(ReadOnlySpan<byte> entry) => (
        BinaryPrimitives.ReadInt32LittleEndian(entry[HashBytes..]),
        BinaryPrimitives.ReadUInt64LittleEndian(entry[(HashBytes + sizeof(int))..]));
}
