using System.Buffers.Binary;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>Reads values that stand one behind the other (the encoding PLAIN), each as its bytes.</summary>
internal sealed class ValueReader(ParquetType type, ReadOnlyMemory<byte> values)
{
    private static readonly byte[][] Truths = [[0], [1]];

    private int _at;
    private int _bit;

    /// <exception cref="InvalidDataException">There are no more values, or they are of a type that is not read.</exception>
    public ReadOnlyMemory<byte> Next() => type switch
    {
        ParquetType.ByteArray => Take(Length()),
        ParquetType.Int32 => Take(sizeof(int)),
        ParquetType.Int64 => Take(sizeof(long)),
        ParquetType.Boolean => Truth(),
        _ => throw new InvalidDataException($"a column of the Parquet file has the type {type}, which is not read"),
    };

    private int Length() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span);

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length < 0 || length > values.Length - _at)
        {
            throw ThriftReader.Damaged("a value ends beyond its page");
        }

        _at += length;
        return values.Slice(_at - length, length);
    }

    private byte[] Truth()
    {
        if (_bit >> 3 >= values.Length)
        {
            throw ThriftReader.Damaged("a value ends beyond its page");
        }

        var truth = (values.Span[_bit >> 3] >> (_bit & 7)) & 1;
        _bit++;
        return Truths[truth];
    }
}
