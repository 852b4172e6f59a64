using System.Buffers.Binary;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>Decompresses a block of Snappy (format_description.txt of google/snappy).</summary>
internal static class SnappyBlock
{
    /// <summary>Fills the target exactly.</summary>
    /// <exception cref="InvalidDataException">The block is damaged, or holds another number of bytes.</exception>
    public static void Decompress(ReadOnlySpan<byte> block, Span<byte> target)
    {
        var (at, written) = (0, 0);
        if (Length(block, ref at) != (ulong)target.Length)
        {
            throw Damaged();
        }

        while (at < block.Length)
        {
            var tag = block[at++];
            if ((tag & 3) == 0)
            {
                var length = Literal(block, tag >> 2, ref at);
                if (length > block.Length - at || length > target.Length - written)
                {
                    throw Damaged();
                }

                block.Slice(at, (int)length).CopyTo(target[written..]);
                at += (int)length;
                written += (int)length;
            }
            else
            {
                Copy(block, tag, ref at, target, ref written);
            }
        }

        if (written != target.Length)
        {
            throw Damaged();
        }
    }

    private static ulong Length(ReadOnlySpan<byte> block, ref int at)
    {
        var length = 0UL;
        for (var shift = 0; shift < 35 && at < block.Length; shift += 7)
        {
            var part = block[at++];
            length |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return length;
            }
        }

        throw Damaged();
    }

    private static long Literal(ReadOnlySpan<byte> block, int code, ref int at)
    {
        if (code < 60)
        {
            return code + 1;
        }

        var bytes = code - 59;
        Span<byte> length = stackalloc byte[4];
        length.Clear();
        if (block.Length - at < bytes)
        {
            throw Damaged();
        }

        block.Slice(at, bytes).CopyTo(length);
        at += bytes;
        return BinaryPrimitives.ReadUInt32LittleEndian(length) + 1L;
    }

    private static void Copy(ReadOnlySpan<byte> block, byte tag, ref int at, Span<byte> target, ref int written)
    {
        var bytes = (tag & 3) == 3 ? 4 : tag & 3;
        if (block.Length - at < bytes)
        {
            throw Damaged();
        }

        var length = bytes == 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
        var offset = bytes switch
        {
            1 => (uint)(((tag >> 5) << 8) + block[at]),
            2 => BinaryPrimitives.ReadUInt16LittleEndian(block[at..]),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(block[at..]),
        };
        at += bytes;
        if (offset == 0 || offset > written || length > target.Length - written)
        {
            throw Damaged();
        }

        for (var from = written - (int)offset; length > 0; length--)
        {
            target[written++] = target[from++]; // Byte by byte, since a copy may repeat what it has just written.
        }
    }

    private static InvalidDataException Damaged() => ThriftReader.Damaged("a page compressed with Snappy cannot be read");
}
