using System.Buffers.Binary;

namespace CnnService.Imaging.Import.Unpacking;

/// <summary>
/// Reads xz files (The .xz File Format 1.2.0): any number of streams and blocks with the filter LZMA2, every check verified. The window
/// that a file may ask for is limited, since it is allocated before any of its data are seen.
/// </summary>
internal sealed class XzStream(Stream file) : UnpackingStream
{
    /// <summary>Largest dictionary, bytes; <c>xz -9</c> uses 64 MiB.</summary>
    public const int MaxDictionary = 128 << 20;

    private const int HeaderSize = 12;
    private const int FlagsSize = 2;
    private const byte Lzma2Filter = 0x21;
    private const int LargestDictionaryCode = 40;

    private static readonly byte[] Magic = [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    private readonly XzInput _input = new(file);
    private readonly byte[] _flags = new byte[FlagsSize];

    /// <summary>Kept from block to block, so that many small blocks do not allocate many windows.</summary>
    private Lzma2Decoder? _decoder;
    private bool _isInBlock;
    private XzCheck? _check;
    private long _blockStart;
    private long _blocks;
    private bool _isInStream;
    private bool _isOver;

    public override int Read(Span<byte> buffer)
    {
        while (!_isOver && buffer.Length > 0)
        {
            if (!_isInBlock)
            {
                Next();
                continue;
            }

            var count = _decoder!.Read(buffer);
            if (count > 0)
            {
                _check!.Append(buffer[..count]);
                return count;
            }

            EndBlock();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        _check?.Dispose();
        _input.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Reads up to the next block, or to the end.</summary>
    private void Next()
    {
        if (!_isInStream)
        {
            ReadHeader();
            return;
        }

        var size = _input.Byte();
        if (size == 0)
        {
            ReadIndex();
        }
        else
        {
            ReadBlockHeader((size + 1) * 4);
        }
    }

    /// <summary>Reads a stream's header, behind the zeros that may stand between streams.</summary>
    private void ReadHeader()
    {
        var isFirst = _input.Position == 0;
        var zeros = 0;
        byte? start;
        while ((start = _input.TryByte()) == 0)
        {
            zeros++;
        }

        if (start is null)
        {
            Require(!isFirst && zeros % 4 == 0, "it ends before its first stream, or in the padding");
            _isOver = true;
            return;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        header[0] = start.Value;
        _input.Exactly(header[1..]);
        var flags = header.Slice(Magic.Length, FlagsSize);
        Require(header.StartsWith(Magic) && zeros % 4 == 0 && !(isFirst && zeros > 0) && flags[0] == 0 && (flags[1] & 0xF0) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(header[^4..]) == ReflectedCrc.Compute32(flags), "a stream's header is damaged");
        flags.CopyTo(_flags);
        (_isInStream, _blocks) = (true, 0);
    }

    private void ReadBlockHeader(int size)
    {
        _blockStart = _input.Position - 1;
        Span<byte> header = stackalloc byte[size];
        header[0] = (byte)((size / 4) - 1);
        _input.Exactly(header[1..]);
        Require(
            BinaryPrimitives.ReadUInt32LittleEndian(header[^4..]) == ReflectedCrc.Compute32(header[..^4]), "a block's header is damaged");
        var (flags, at) = (header[1], 2);
        Require((flags & 0x3F) == 0, "it uses filters beside LZMA2, which are not read");
        for (var sizes = flags >> 6; sizes != 0; sizes &= sizes - 1)
        {
            Number(header, ref at); // The packed and the unpacked size are told again in the index; what counts is what is there.
        }

        Require(Number(header, ref at) == Lzma2Filter && Number(header, ref at) == 1, "it uses another filter than LZMA2");
        var code = header[at];
        Require(code <= LargestDictionaryCode, "a block's header is damaged");
        var dictionary = code == LargestDictionaryCode ? uint.MaxValue : (2L | (code & 1u)) << ((code / 2) + 11);
        Require(dictionary <= MaxDictionary,
            $"it needs a dictionary of {dictionary >> 20} MB, where at most {MaxDictionary >> 20} MB are allowed");
        if (_decoder?.DictionarySize != (int)dictionary)
        {
            _decoder = new(_input, (int)dictionary);
        }

        _decoder.Restart();
        _check = new(_flags[1]);
        _isInBlock = true;
    }

    private void EndBlock()
    {
        Span<byte> stored = stackalloc byte[32];
        SkipPadding(_input.Position - _blockStart);
        var check = _check!;
        stored = stored[..check.Length];
        _input.Exactly(stored);
        Require(check.Matches(stored), "a block does not have the check that the file says");
        check.Dispose();
        (_isInBlock, _check) = (false, null);
        _blocks++;
    }

    /// <summary>Reads the index behind its first byte, and the footer.</summary>
    private void ReadIndex()
    {
        var crc = ReflectedCrc.Of32Bits();
        crc.Append([0]);
        var start = _input.Position - 1;
        Require(Number(crc) == _blocks, "the index does not have the blocks that are there");
        for (var record = 0L; record < 2 * _blocks; record++)
        {
            Number(crc);
        }

        while ((_input.Position - start) % 4 != 0)
        {
            var padding = _input.Byte();
            crc.Append([padding]);
        }

        var size = _input.Position - start;
        Span<byte> tail = stackalloc byte[4 + HeaderSize];
        _input.Exactly(tail);
        var footer = tail[4..];
        Require(BinaryPrimitives.ReadUInt32LittleEndian(tail) == crc.Value
            && BinaryPrimitives.ReadUInt32LittleEndian(footer) == ReflectedCrc.Compute32(footer[4..10])
            && (BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1L) * 4 == size + 4
            && footer[8..10].SequenceEqual(_flags) && footer[10..].SequenceEqual("YZ"u8), "a stream's index or footer is damaged");
        _isInStream = false;
    }

    private void SkipPadding(long length)
    {
        for (; length % 4 != 0; length++)
        {
            Require(_input.Byte() == 0, "a block's padding is damaged");
        }
    }

    private long Number(ReflectedCrc crc)
    {
        var (value, shift) = (0L, 0);
        while (true)
        {
            var part = _input.Byte();
            crc.Append([part]);
            Require(shift < 63 && !(part == 0 && shift > 0), "a number in the index is damaged");
            value |= (long)(part & 0x7F) << shift;
            shift += 7;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    private static long Number(ReadOnlySpan<byte> header, ref int at)
    {
        var (value, shift) = (0L, 0);
        while (true)
        {
            Require(at < header.Length - 4 && shift < 63, "a number in a block's header is damaged");
            var part = header[at++];
            value |= (long)(part & 0x7F) << shift;
            shift += 7;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    private static void Require(bool isSound, string fault)
    {
        if (!isSound)
        {
            throw new InvalidDataException(fault);
        }
    }
}
