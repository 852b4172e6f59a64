using System.Text;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>
/// Reads Thrift's compact protocol, in which Parquet writes its footer and page headers. Every length is held to the bytes that are there,
/// and depth is limited, so that no file can make it allocate or recurse beyond its own size.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    public const byte True = 1;
    public const byte False = 2;
    public const byte Structure = 12;

    private const int MaxDepth = 16;
    private const byte I8 = 3;
    private const byte I16 = 4;
    private const byte I64 = 6;
    private const byte Double = 7;
    private const byte Text = 8;
    private const byte List = 9;
    private const byte Set = 10;
    private const byte Map = 11;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Number of bytes read.</summary>
    public int Position { get; private set; }

    private readonly int Left => _data.Length - Position;

    /// <summary>The next field of a structure; false at its end.</summary>
    /// <param name="id">Id of the field before, 0 at first; becomes the field's own.</param>
    /// <param name="type">Type of its value.</param>
    public bool Field(ref int id, out byte type)
    {
        var header = Byte();
        type = (byte)(header & 0x0F);
        if (header == 0)
        {
            return false;
        }

        id = header >> 4 == 0 ? (int)Number() : id + (header >> 4);
        return true;
    }

    /// <summary>A signed whole number.</summary>
    public long Number()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Number of a list's elements.</summary>
    public int Count() => Elements(out _);

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Unsigned();
        Require(length <= (ulong)Left);
        var bytes = _data.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    public string String() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Passes over a value.</summary>
    public void Skip(byte type) => Skip(type, 0);

    internal static InvalidDataException Damaged(string what) => new($"the Parquet file is damaged: {what}");

    private void Skip(byte type, int depth)
    {
        Require(depth < MaxDepth);
        switch (type)
        {
            case True or False:
                break;
            case I8:
                Byte();
                break;
            case >= I16 and <= I64:
                Unsigned();
                break;
            case Double:
                Require(Left >= sizeof(double));
                Position += sizeof(double);
                break;
            case Text:
                Bytes();
                break;
            case List or Set:
                SkipList(depth);
                break;
            case Map:
                SkipMap(depth);
                break;
            case Structure:
                var id = 0;
                while (Field(ref id, out var field))
                {
                    Skip(field, depth + 1);
                }

                break;
            default:
                throw Damaged("a value has an unknown type");
        }
    }

    private void SkipList(int depth)
    {
        for (var count = Elements(out var type); count > 0; count--)
        {
            SkipElement(type, depth);
        }
    }

    private void SkipMap(int depth)
    {
        var count = Unsigned();
        Require(count <= (ulong)Left);
        var types = count > 0 ? Byte() : (byte)0;
        for (; count > 0; count--)
        {
            SkipElement((byte)(types >> 4), depth);
            SkipElement((byte)(types & 0x0F), depth);
        }
    }

    /// <summary>Truth values take a byte in lists, and none in structures.</summary>
    private void SkipElement(byte type, int depth) => Skip(type is True or False ? I8 : type, depth + 1);

    private int Elements(out byte type)
    {
        var header = Byte();
        type = (byte)(header & 0x0F);
        var count = header >> 4 == 15 ? Unsigned() : (ulong)(header >> 4);
        Require(count <= (ulong)Left); // Every element takes a byte at least.
        return (int)count;
    }

    private ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Damaged("a number is too long");
    }

    private byte Byte()
    {
        Require(Left > 0);
        return _data[Position++];
    }

    private static void Require(bool isSound)
    {
        if (!isSound)
        {
            throw Damaged("its footer or a page's header cannot be read");
        }
    }
}
