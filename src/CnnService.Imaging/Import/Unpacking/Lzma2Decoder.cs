using System.Buffers.Binary;

namespace CnnService.Imaging.Import.Unpacking;

/// <summary>Decodes the LZMA2 data of one block after the other, chunk by chunk.</summary>
/// <param name="input">Stands at a block's first chunk where it begins, and behind its end marker afterwards.</param>
/// <param name="dictionarySize">Size of the dictionary in bytes, already held to a limit.</param>
internal sealed class Lzma2Decoder(XzInput input, int dictionarySize)
{
    private const int MaxUnpackedChunk = 1 << 21;
    private const int MaxPackedChunk = 1 << 16;
    private const int FirstWindow = 1 << 16;
    private const byte End = 0;
    private const byte StoredWithReset = 1;
    private const byte Stored = 2;
    private const byte Compressed = 0x80;

    private readonly LzmaDecoder _lzma = new();
    private readonly byte[] _packed = new byte[MaxPackedChunk];

    /// <summary>The dictionary and space for two chunks at most; smaller as long as less has been unpacked.</summary>
    private byte[] _window = new byte[FirstWindow];

    /// <summary>Index of the first byte since the dictionary's reset that is still held.</summary>
    private int _first;
    private int _given;
    private int _end;
    private long _sinceReset;
    private bool _hasDictionary;
    private bool _hasProperties;
    private bool _isOver;

    public int DictionarySize => dictionarySize;

    /// <summary>Begins a block.</summary>
    public void Restart()
    {
        (_first, _given, _end, _sinceReset) = (0, 0, 0, 0);
        (_hasDictionary, _hasProperties, _isOver) = (false, false, false);
    }

    /// <summary>The next bytes; 0 at the end of the block.</summary>
    /// <exception cref="InvalidDataException">The data are damaged.</exception>
    public int Read(Span<byte> target)
    {
        while (_given == _end && !_isOver)
        {
            NextChunk();
        }

        var count = Math.Min(target.Length, _end - _given);
        _window.AsSpan(_given, count).CopyTo(target);
        _given += count;
        return count;
    }

    private void NextChunk()
    {
        var control = input.Byte();
        if (control == End)
        {
            _isOver = true;
            return;
        }

        if (control is > Stored and < Compressed)
        {
            throw RangeDecoder.Damaged();
        }

        var reset = control < Compressed ? (control == StoredWithReset ? 3 : 0) : (control >> 5) & 3;
        if (reset == 3)
        {
            (_first, _sinceReset, _hasDictionary) = (_end, 0, true);
        }

        if (!_hasDictionary)
        {
            throw RangeDecoder.Damaged();
        }

        var length = control < Compressed ? Store() : Decompress(control, reset);
        _end += length;
        _sinceReset += length;
    }

    private int Store()
    {
        var length = Size();
        MakeRoom(length);
        input.Exactly(_window.AsSpan(_end, length));
        return length;
    }

    private int Decompress(byte control, int reset)
    {
        var length = ((control & 0x1F) << 16) + Size();
        var packed = Size();
        if (reset >= 2)
        {
            _lzma.SetProperties(input.Byte());
            _hasProperties = true;
        }
        else if (reset == 1)
        {
            _lzma.Reset();
        }

        if (!_hasProperties)
        {
            throw RangeDecoder.Damaged();
        }

        MakeRoom(length);
        input.Exactly(_packed.AsSpan(0, packed));
        _lzma.Decode(_packed.AsSpan(0, packed), _window, _first, _end, _end + length, _sinceReset);
        return length;
    }

    /// <summary>Two bytes, big-endian, plus one.</summary>
    private int Size()
    {
        Span<byte> bytes = stackalloc byte[2];
        input.Exactly(bytes);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes) + 1;
    }

    /// <summary>Grows the window, or moves the dictionary to its front. Everything has been given by then.</summary>
    private void MakeRoom(int length)
    {
        if (_window.Length - _end >= length)
        {
            return;
        }

        var largest = dictionarySize + (2 * MaxUnpackedChunk);
        if (_window.Length < largest)
        {
            Array.Resize(ref _window, Math.Min(largest, Math.Max(2 * _window.Length, _end + length)));
        }

        if (_window.Length - _end < length)
        {
            var kept = Math.Min(_end - _first, dictionarySize);
            _window.AsSpan(_end - kept, kept).CopyTo(_window);
            (_first, _given, _end) = (0, kept, kept);
        }
    }
}
