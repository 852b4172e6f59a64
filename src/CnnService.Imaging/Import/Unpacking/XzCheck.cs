using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CnnService.Imaging.Import.Unpacking;

/// <summary>The check of a block's content that the header of an xz stream declares.</summary>
internal sealed class XzCheck : IDisposable
{
    private const int Crc32 = 1;
    private const int Crc64 = 4;
    private const int Sha256 = 10;

    private readonly ReflectedCrc? _crc;
    private readonly IncrementalHash? _hash;

    /// <param name="kind">None (0), CRC-32 (1), CRC-64 (4) or SHA-256 (10).</param>
    /// <exception cref="InvalidDataException">Another kind.</exception>
    public XzCheck(int kind)
    {
        (_crc, _hash, Length) = kind switch
        {
            0 => (null, null, 0),
            Crc32 => (ReflectedCrc.Of32Bits(), null, 4),
            Crc64 => (ReflectedCrc.Of64Bits(), null, 8),
            Sha256 => ((ReflectedCrc?)null, IncrementalHash.CreateHash(HashAlgorithmName.SHA256), 32),
            _ => throw new InvalidDataException($"the xz stream has a check of the unknown kind {kind}"),
        };
    }

    /// <summary>Number of bytes that it has in the file.</summary>
    public int Length { get; }

    public void Append(ReadOnlySpan<byte> content)
    {
        _crc?.Append(content);
        _hash?.AppendData(content);
    }

    /// <summary>Whether the content has the check that the file says.</summary>
    public bool Matches(ReadOnlySpan<byte> stored)
    {
        Span<byte> computed = stackalloc byte[SHA256.HashSizeInBytes];
        if (_hash is not null)
        {
            _hash.GetHashAndReset(computed);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(computed, _crc?.Value ?? 0);
        }

        return stored.SequenceEqual(computed[..Length]);
    }

    public void Dispose() => _hash?.Dispose();
}
