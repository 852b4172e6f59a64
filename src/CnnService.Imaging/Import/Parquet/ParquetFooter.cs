using System.Buffers.Binary;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>What a Parquet file says of itself (Apache Parquet format, parquet.thrift: FileMetaData).</summary>
/// <param name="Columns">All columns.</param>
/// <param name="RowGroups">In the order of the rows.</param>
/// <param name="Metadata">Texts by key.</param>
internal sealed record ParquetFooter(
    IReadOnlyList<ParquetColumn> Columns, IReadOnlyList<ParquetRowGroup> RowGroups, IReadOnlyDictionary<string, string> Metadata)
{
    private const int MaxBytes = 16 << 20;
    private const int TailBytes = 8;

    /// <summary>Most columns, row groups and chunks together: their descriptions take more memory than bytes in the file.</summary>
    private const int MaxParts = 200_000;

    /// <summary>Whether a file begins as Parquet files do.</summary>
    public static bool IsParquet(ReadOnlySpan<byte> start) => start.StartsWith("PAR1"u8);

    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public static ParquetFooter Read(Stream file)
    {
        if (file.Length < TailBytes)
        {
            throw ThriftReader.Damaged("it is too short");
        }

        Span<byte> tail = stackalloc byte[TailBytes];
        file.Position = file.Length - TailBytes;
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (!IsParquet(tail[4..]))
        {
            throw tail[4..].SequenceEqual("PARE"u8)
                ? new InvalidDataException("the Parquet file is encrypted") : ThriftReader.Damaged("it does not end in PAR1");
        }

        if (length > MaxBytes || length > file.Length - TailBytes)
        {
            throw ThriftReader.Damaged(
                $"its footer is said to have {length} bytes, of {MaxBytes} at most and of {file.Length} in the file");
        }

        var footer = new byte[length];
        file.Position = file.Length - TailBytes - length;
        file.ReadExactly(footer);
        return Parse(footer);
    }

    private static ParquetFooter Parse(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        var (columns, groups, metadata) = (new List<ParquetColumn>(), new List<ParquetRowGroup>(), new Dictionary<string, string>());
        var (id, parts) = (0, 0);
        while (reader.Field(ref id, out var type))
        {
            switch (id)
            {
                case 2:
                    columns = ParquetSchema.Read(ref reader, Within(ref parts, reader));
                    break;
                case 4:
                    for (var count = reader.Count(); count > 0; count--)
                    {
                        groups.Add(Group(ref reader, ref parts));
                    }

                    break;
                case 5:
                    for (var count = reader.Count(); count > 0; count--)
                    {
                        var (key, value) = Entry(ref reader);
                        metadata[key] = value;
                    }

                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new(columns, groups, metadata);
    }

    private static int Within(ref int parts, ThriftReader reader)
    {
        parts += reader.Count(); // A copy of the reader: the list is read by the schema.
        return parts <= MaxParts ? parts : throw TooMany();
    }

    private static InvalidDataException TooMany() => ThriftReader.Damaged($"it has more than {MaxParts} columns, row groups and chunks");

    private static ParquetRowGroup Group(ref ThriftReader reader, ref int parts)
    {
        var chunks = new List<ParquetChunk>();
        var (id, rows) = (0, 0L);
        while (reader.Field(ref id, out var type))
        {
            if (id == 1)
            {
                var count = reader.Count();
                parts += count + 1;
                if (parts > MaxParts)
                {
                    throw TooMany();
                }

                for (; count > 0; count--)
                {
                    if (Chunk(ref reader) is { } chunk)
                    {
                        chunks.Add(chunk);
                    }
                }
            }
            else if (id == 3)
            {
                rows = reader.Number();
            }
            else
            {
                reader.Skip(type);
            }
        }

        return new(rows, chunks);
    }

    private static ParquetChunk? Chunk(ref ThriftReader reader)
    {
        var id = 0;
        ParquetChunk? chunk = null;
        while (reader.Field(ref id, out var type))
        {
            if (id == 3)
            {
                chunk = ChunkMetadata(ref reader);
            }
            else if (id == 1)
            {
                throw new InvalidDataException("the Parquet file keeps its columns in other files, which are not read");
            }
            else
            {
                reader.Skip(type);
            }
        }

        return chunk;
    }

    private static ParquetChunk ChunkMetadata(ref ThriftReader reader)
    {
        var path = new List<string>();
        var (id, codec, values, bytes, data, dictionary) = (0, 0L, 0L, 0L, 0L, 0L);
        while (reader.Field(ref id, out var type))
        {
            switch (id)
            {
                case 3:
                    for (var count = reader.Count(); count > 0; count--)
                    {
                        path.Add(reader.String());
                    }

                    break;
                case 4:
                    codec = reader.Number();
                    break;
                case 5:
                    values = reader.Number();
                    break;
                case 7:
                    bytes = reader.Number();
                    break;
                case 9:
                    data = reader.Number();
                    break;
                case 11:
                    dictionary = reader.Number();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new(string.Join('.', path), (ParquetCodec)codec, values, dictionary > 0 && dictionary < data ? dictionary : data, bytes);
    }

    private static (string Key, string Value) Entry(ref ThriftReader reader)
    {
        var (id, key, value) = (0, string.Empty, string.Empty);
        while (reader.Field(ref id, out var type))
        {
            if (id == 1)
            {
                key = reader.String();
            }
            else if (id == 2)
            {
                value = reader.String();
            }
            else
            {
                reader.Skip(type);
            }
        }

        return (key, value);
    }
}
