namespace CnnService.Imaging.Import.Parquet;

/// <summary>The header of a page (parquet.thrift: PageHeader).</summary>
/// <param name="Kind">What the page holds.</param>
/// <param name="Unpacked">Size of its content when decompressed, bytes.</param>
/// <param name="Packed">Size of its content in the file, bytes.</param>
/// <param name="Values">Number of its values, nulls included.</param>
/// <param name="Encoding">Number of the encoding of the values.</param>
/// <param name="LevelBytes">Size of the levels before the values, which are not compressed; pages of version 2 only.</param>
/// <param name="RepetitionBytes">The part of it that repetition levels take.</param>
/// <param name="IsCompressed">Whether the values are compressed; pages of version 2 only.</param>
internal readonly record struct PageHeader(
    PageKind Kind, long Unpacked, long Packed, long Values, long Encoding, long LevelBytes, long RepetitionBytes, bool IsCompressed)
{
    public static PageHeader Read(ref ThriftReader reader)
    {
        var header = new PageHeader(0, 0, 0, 0, 0, 0, 0, IsCompressed: true);
        var id = 0;
        while (reader.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1:
                    header = header with { Kind = (PageKind)reader.Number() };
                    break;
                case 2:
                    header = header with { Unpacked = reader.Number() };
                    break;
                case 3:
                    header = header with { Packed = reader.Number() };
                    break;
                case 5 or 7:
                    header = ReadValues(ref reader, header);
                    break;
                case 8:
                    header = ReadVersion2(ref reader, header);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return header;
    }

    private static PageHeader ReadValues(ref ThriftReader reader, PageHeader header)
    {
        var id = 0;
        while (reader.Field(ref id, out var type))
        {
            if (id is 1 or 2)
            {
                var value = reader.Number();
                header = id == 1 ? header with { Values = value } : header with { Encoding = value };
            }
            else
            {
                reader.Skip(type);
            }
        }

        return header;
    }

    private static PageHeader ReadVersion2(ref ThriftReader reader, PageHeader header)
    {
        var id = 0;
        while (reader.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1:
                    header = header with { Values = reader.Number() };
                    break;
                case 4:
                    header = header with { Encoding = reader.Number() };
                    break;
                case 5:
                    header = header with { LevelBytes = header.LevelBytes + reader.Number() };
                    break;
                case 6:
                    var bytes = reader.Number();
                    header = header with { LevelBytes = header.LevelBytes + bytes, RepetitionBytes = bytes };
                    break;
                case 7:
                    header = header with { IsCompressed = type == ThriftReader.True };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return header;
    }
}
