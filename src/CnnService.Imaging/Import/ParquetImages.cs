using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;
using CnnService.Imaging.Import.Parquet;

namespace CnnService.Imaging.Import;

/// <summary>Unpacks Parquet files whose rows are images with their labels, as Hugging Face's data sets are.</summary>
internal static partial class ParquetImages
{
    public static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The images, each with its label, under the paths <c>{file}/{row}</c>; a row that has none, or one that is too large, as a rejection.
    /// What is damaged ends the file with a rejection of the rest.
    /// </summary>
    /// <param name="path">Path of the file in the source: its name, or a folder's, says the split.</param>
    /// <param name="file">The file; disposed of at the end.</param>
    /// <param name="maxFileBytes">Largest image file.</param>
    /// <param name="count">Is told how many bytes are about to be unpacked, and may throw.</param>
    /// <exception cref="SourceRefusedException">Its columns are not those of images with labels.</exception>
    public static IEnumerable<SourceFile> Read(string path, Stream file, int maxFileBytes, Action<int> count)
    {
        using (file)
        {
            using var rows = Rows(path, file, maxFileBytes, count).GetEnumerator();
            while (true)
            {
                SourceFile? row = null;
                string? damage = null;
                try
                {
                    row = rows.MoveNext() ? rows.Current : null;
                }
                catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
                {
                    damage = damaged is EndOfStreamException ? "the Parquet file is damaged: it ends too early" : damaged.Message;
                }

                if (damage is not null)
                {
                    yield return new(path, null, damage);
                }

                if (row is null)
                {
                    yield break;
                }

                yield return row;
            }
        }
    }

    /// <summary>
    /// The split in the name of a file (<c>train-00000-of-00002.parquet</c>) or else of a folder above it
    /// (<c>default/test/0000.parquet</c>).
    /// </summary>
    internal static Split? SplitOf(string path)
    {
        var parts = path.Split('/');
        var stem = PartNumber().Replace(Path.GetFileNameWithoutExtension(parts[^1]), string.Empty);
        return parts[..^1].Append(stem).Reverse().Select(part => PartialPrefix().Replace(part, string.Empty))
            .Select(SplitNames.Parse).FirstOrDefault(split => split is not null);
    }

    private static IEnumerable<SourceFile> Rows(string path, Stream file, int maxFileBytes, Action<int> count)
    {
        var footer = ParquetFooter.Read(file);
        var table = ParquetTable.Choose(path, footer);
        if (table.Problem is { } problem)
        {
            throw new SourceRefusedException(problem);
        }

        var (split, number) = (SplitOf(path), 0L);
        foreach (var group in footer.RowGroups)
        {
            var images = Column(file, table.Value.Image, group, count);
            var labels = Column(file, table.Value.Label, group, count);
            for (var row = 0L; row < group.Rows; row++, number++)
            {
                yield return Row(
                    $"{path}/{number}", images.Next(), Labels(table.Value, labels), table.Value.Label.Repetitions > 0, split, maxFileBytes);
            }
        }
    }

    private static ColumnReader Column(Stream file, ParquetColumn column, ParquetRowGroup group, Action<int> count) =>
        group.Chunks.FirstOrDefault(chunk => chunk.Path == column.Path) is { } found
            ? new(file, column, found, count)
            : throw ThriftReader.Damaged($"a row group lacks the column '{column.Path}'");

    private static SourceFile Row(
        string path, ReadOnlyMemory<byte>? image, Outcome<IReadOnlyList<string>?> labels, bool isList, Split? split, int maxFileBytes)
    {
        var refusal = image is not { Length: > 0 } ? "the row has no image"
            : image.Value.Length > maxFileBytes ? $"it is larger than {maxFileBytes} bytes"
            : labels.Problem?.Detail;
        return new(path, refusal is null ? image!.Value.ToArray() : null, refusal)
        {
            Known = new(LayoutKind.Parquet, split, labels.Succeeded ? labels.Value : null, isList),
        };
    }

    /// <summary>The classes of the next row; null where nothing is said of them.</summary>
    private static Outcome<IReadOnlyList<string>?> Labels(ParquetTable table, ColumnReader column)
    {
        if (table.Label.Repetitions == 0)
        {
            return Label(table, column.Next()).Map(label => (IReadOnlyList<string>?)(label is null ? null : [label]));
        }

        var names = new List<string>();
        var list = column.NextList();
        foreach (var value in list ?? [])
        {
            var label = Label(table, value);
            if (label.Problem is { } unknown)
            {
                return unknown;
            }

            names.AddRange(label.Value is { } name ? [name] : []);
        }

        return Outcome.Success<IReadOnlyList<string>?>(list is null ? null : [.. names.Distinct()]);
    }

    /// <summary>The class; null where the row has none, which Hugging Face writes as −1 too.</summary>
    private static Outcome<string?> Label(ParquetTable table, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
        {
            return Outcome.Success<string?>(null);
        }

        if (table.Label.Type == ParquetType.ByteArray)
        {
            return Outcome.Success<string?>(Encoding.UTF8.GetString(bytes.Span));
        }

        var number = bytes.Length switch
        {
            sizeof(long) => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span),
            sizeof(int) => BinaryPrimitives.ReadInt32LittleEndian(bytes.Span),
            _ => bytes.Span[0],
        };
        return number == -1 ? Outcome.Success<string?>(null)
            : table.Names is null ? Outcome.Success<string?>(number.ToString(CultureInfo.InvariantCulture))
            : number >= 0 && number < table.Names.Count ? Outcome.Success<string?>(table.Names[(int)number])
            : Problem.Unprocessable("dataset.table-unreadable", $"its label is {number}, and there are {table.Names.Count} classes");
    }

    [GeneratedRegex(@"-\d+(-of-\d+)?(-[0-9a-f]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex PartNumber();

    [GeneratedRegex(@"\Apartial-", RegexOptions.CultureInvariant)]
    private static partial Regex PartialPrefix();
}
