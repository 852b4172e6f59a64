using System.Buffers.Binary;
using System.Numerics;

namespace CnnService.Imaging.Import.Parquet;

/// <summary>
/// Reads the values of a column in one row group, page by page: of the pages, the last one and the dictionary are held.
/// </summary>
/// <param name="file">The file, at any position.</param>
/// <param name="column">A column with one value a row, or one list of values.</param>
/// <param name="chunk">Its part in the row group.</param>
/// <param name="count">Is told how many bytes a page unpacks to before it is, and may throw.</param>
internal sealed class ColumnReader(Stream file, ParquetColumn column, ParquetChunk chunk, Action<int> count)
{
    /// <summary>Largest page, bytes. Writers end a page at 1 MiB, but look after each thousand or hundred values only.</summary>
    private const int MaxPage = 512 << 20;

    private const int MaxHeader = 1 << 16;

    /// <summary>Most values of a list: a run of equal ones takes no room in the file.</summary>
    private const int MaxList = 10_000;

    private const int Plain = 0;
    private const int PlainDictionary = 2;
    private const int RunDictionary = 8;

    private long _offset = chunk.Offset;
    private long _left = chunk.Values;
    private List<ReadOnlyMemory<byte>>? _dictionary;
    private RunDecoder? _levels;
    private RunDecoder? _repetitions;
    private int? _repetition;
    private RunDecoder? _indices;
    private ValueReader? _values;
    private long _pageLeft;

    /// <summary>The next value as its bytes; null for a null. Memory is valid for as long as it is held.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or has what is not read.</exception>
    public ReadOnlyMemory<byte>? Next()
    {
        RequireValue();
        return Take().Value;
    }

    /// <summary>The next row's values without the nulls; null for a null instead of a list. As <see cref="Next"/>.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or has what is not read.</exception>
    public List<ReadOnlyMemory<byte>>? NextList()
    {
        List<ReadOnlyMemory<byte>>? list = null;
        if ((_repetition ?? ReadRepetition()) != 0)
        {
            throw ThriftReader.Damaged($"the column '{column.Path}' begins within a list");
        }

        do
        {
            var (level, value) = Take();
            list ??= level >= column.ElementDefinitions - 1 ? [] : null;
            if (value is { } found)
            {
                list!.Add(found);
            }

            if (list?.Count > MaxList)
            {
                throw ThriftReader.Damaged($"a list of the column '{column.Path}' has more than {MaxList} values");
            }

            _repetition = _left > 0 ? ReadRepetition() : null;
        }
        while (_repetition > 0);
        return list;
    }

    private int ReadRepetition()
    {
        RequireValue();
        return _repetitions!.Next();
    }

    /// <summary>Goes to the page of the next value.</summary>
    private void RequireValue()
    {
        if (_left <= 0)
        {
            throw ThriftReader.Damaged($"the column '{column.Path}' has fewer values than there are rows");
        }

        while (_pageLeft == 0)
        {
            NextPage();
        }
    }

    private (int Level, ReadOnlyMemory<byte>? Value) Take()
    {
        _left--;
        _pageLeft--;
        var level = _levels?.Next() ?? column.Definitions;
        return (level, level < column.Definitions ? (ReadOnlyMemory<byte>?)null : Value()); // Else null is an empty value.
    }

    private ReadOnlyMemory<byte> Value()
    {
        if (_indices is null)
        {
            return _values!.Next();
        }

        var index = _indices.Next();
        return index >= 0 && index < _dictionary!.Count
            ? _dictionary[index]
            : throw ThriftReader.Damaged($"the column '{column.Path}' refers to a value that its dictionary does not have");
    }

    private void NextPage()
    {
        var header = ReadHeader();
        if (header.Packed is < 0 or > MaxPage || header.Unpacked is < 0 or > MaxPage || _offset + header.Packed > End)
        {
            throw ThriftReader.Damaged(
                $"a page of the column '{column.Path}' is said to have {header.Packed} bytes, {header.Unpacked} when unpacked");
        }

        count((int)header.Unpacked);
        var packed = new byte[header.Packed];
        file.Position = _offset;
        file.ReadExactly(packed);
        _offset += header.Packed;
        switch (header.Kind)
        {
            case PageKind.Dictionary:
                ReadDictionary(PageContent.Unpack(chunk.Codec, packed, (int)header.Unpacked), header);
                break;
            case PageKind.Data:
                Begin(header, WithoutLevels(PageContent.Unpack(chunk.Codec, packed, (int)header.Unpacked)));
                break;
            case PageKind.DataVersion2:
                BeginVersion2(header, packed);
                break;
            default:
                throw ThriftReader.Damaged($"a page of the column '{column.Path}' is of the unknown kind {(int)header.Kind}");
        }
    }

    private long End => Math.Min(file.Length, chunk.Offset + chunk.Bytes);

    private PageHeader ReadHeader()
    {
        var length = (int)Math.Min(MaxHeader, End - _offset);
        if (_offset < 0 || length <= 0)
        {
            throw ThriftReader.Damaged($"the pages of the column '{column.Path}' end before its last value");
        }

        var bytes = new byte[length];
        file.Position = _offset;
        file.ReadExactly(bytes);
        var reader = new ThriftReader(bytes);
        var header = PageHeader.Read(ref reader);
        _offset += reader.Position;
        return header;
    }

    private void ReadDictionary(byte[] content, PageHeader header)
    {
        if (_dictionary is not null || header.Values < 0 || header.Values > content.Length)
        {
            throw ThriftReader.Damaged($"the dictionary of the column '{column.Path}' cannot be read");
        }

        var values = new ValueReader(column.Type, content);
        _dictionary = [];
        for (var i = 0L; i < header.Values; i++)
        {
            _dictionary.Add(values.Next());
        }
    }

    /// <summary>Takes the levels, repetition first, off a page of version 1, which has the length of each before it.</summary>
    private ReadOnlyMemory<byte> WithoutLevels(ReadOnlyMemory<byte> content)
    {
        (_repetitions, content) = Levels(content, column.Repetitions);
        (_levels, content) = Levels(content, column.Definitions);
        return content;
    }

    private (RunDecoder? Levels, ReadOnlyMemory<byte> Values) Levels(ReadOnlyMemory<byte> content, int largest)
    {
        if (largest == 0)
        {
            return (null, content);
        }

        var length = content.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(content.Span);
        return length >= 0 && length <= content.Length - 4
            ? (new(content.Slice(4, length), Bits(largest)), content[(4 + length)..])
            : throw ThriftReader.Damaged($"a page of the column '{column.Path}' has levels beyond its end");
    }

    private static int Bits(int largest) => BitOperations.Log2((uint)largest) + 1;

    private void BeginVersion2(PageHeader header, byte[] packed)
    {
        if (header.RepetitionBytes < 0 || header.LevelBytes < header.RepetitionBytes || header.LevelBytes > packed.Length
            || header.LevelBytes > header.Unpacked)
        {
            throw ThriftReader.Damaged($"a page of the column '{column.Path}' has levels beyond its end");
        }

        var (repetitions, levels) = ((int)header.RepetitionBytes, (int)header.LevelBytes);
        _repetitions = column.Repetitions > 0 ? new(packed.AsMemory(0, repetitions), Bits(column.Repetitions)) : null;
        _levels = column.Definitions > 0
            ? new(packed.AsMemory(repetitions, levels - repetitions), Bits(column.Definitions)) : null;

        Begin(header, header.IsCompressed && levels < packed.Length
            ? PageContent.Unpack(chunk.Codec, packed[levels..], (int)header.Unpacked - levels)
            : packed.AsMemory(levels));
    }

    private void Begin(PageHeader header, ReadOnlyMemory<byte> values)
    {
        if (header.Values <= 0)
        {
            throw ThriftReader.Damaged($"a page of the column '{column.Path}' has no values");
        }

        _pageLeft = header.Values;
        (_indices, _values) = (null, null);
        if (header.Encoding == Plain)
        {
            _values = new(column.Type, values);
        }
        else if (header.Encoding is PlainDictionary or RunDictionary && _dictionary is not null)
        {
            _indices = new(values.Length > 0 ? values[1..] : values, values.Length > 0 ? values.Span[0] : 0);
        }
        else
        {
            throw new InvalidDataException(
                $"the column '{column.Path}' of the Parquet file has the encoding {header.Encoding}, which is not read: write it plainly "
                + "or with a dictionary, as pyarrow does by default");
        }
    }
}
