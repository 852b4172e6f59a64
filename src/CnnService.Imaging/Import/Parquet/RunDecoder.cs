using System.Buffers.Binary;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>Decodes Parquet's hybrid of run lengths and packed bits: definition levels and indices into a dictionary.</summary>
internal sealed class RunDecoder
{
    private readonly ReadOnlyMemory<byte> _data;
    private readonly int _bits;
    private int _at;
    private int _left;
    private int _repeated;
    private bool _isPacked;
    private int _bit;

    /// <param name="data">The runs.</param>
    /// <param name="bits">Bits of a value, 0 to 32.</param>
    public RunDecoder(ReadOnlyMemory<byte> data, int bits)
    {
        (_data, _bits) = (data, bits);
        if (bits is < 0 or > 32)
        {
            throw ThriftReader.Damaged($"a page has values of {bits} bits");
        }
    }

    /// <exception cref="InvalidDataException">There are no more values.</exception>
    public int Next()
    {
        if (_bits == 0)
        {
            return 0;
        }

        while (_left == 0)
        {
            NextRun();
        }

        _left--;
        return _isPacked ? Unpack() : _repeated;
    }

    private void NextRun()
    {
        var header = VarInt();
        _isPacked = (header & 1) == 1;
        var span = _data.Span;
        if (_isPacked)
        {
            // Eight values take as many bytes as a value has bits; the last group may be cut.
            var groups = header >> 1;
            if (groups == 0 || groups > int.MaxValue / 8)
            {
                throw Broken();
            }

            (_left, _bit) = ((int)groups * 8, _at * 8);
            _at = (int)Math.Min(span.Length, _at + ((long)groups * _bits));
            return;
        }

        var bytes = (_bits + 7) / 8;
        if (header >> 1 == 0 || header >> 1 > int.MaxValue || span.Length - _at < bytes)
        {
            throw Broken();
        }

        Span<byte> value = stackalloc byte[4];
        value.Clear();
        span.Slice(_at, bytes).CopyTo(value);
        (_left, _repeated) = ((int)(header >> 1), BinaryPrimitives.ReadInt32LittleEndian(value));
        _at += bytes;
    }

    private int Unpack()
    {
        var span = _data.Span;
        var value = 0L;
        for (var i = 0; i < _bits; i++, _bit++)
        {
            if (_bit >> 3 >= _at)
            {
                throw Broken();
            }

            value |= (long)((span[_bit >> 3] >> (_bit & 7)) & 1) << i;
        }

        return (int)value;
    }

    private uint VarInt()
    {
        var span = _data.Span;
        var value = 0u;
        for (var shift = 0; shift < 32; shift += 7)
        {
            if (_at >= span.Length)
            {
                throw Broken();
            }

            var part = span[_at++];
            value |= (uint)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }

    private static InvalidDataException Broken() => ThriftReader.Damaged("a page has fewer values than it says");
}
