using System.Buffers.Binary;
using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>The rows of a revision's file, open for reading. Thread safe.</summary>
internal sealed class RevisionRows(RevisionFile file, RevisionLayout layout) : IDisposable
{
    private readonly FileStream _stream = RegularFile.OpenRead(file.Path);

    /// <summary>Reads consecutive rows.</summary>
    /// <param name="row">The first one.</param>
    /// <param name="images">Receives as many as it has room for.</param>
    /// <param name="labels">The label by the label in the file; null where they are the same.</param>
    public void Read(int row, Span<DatasetImage> images, IReadOnlyList<int>? labels)
    {
        if (images.IsEmpty)
        {
            return;
        }

        var bytes = ReadRows(row, images.Length);
        var last = new ImageRow(bytes.AsSpan((images.Length - 1) * ImageRow.Bytes));
        var first = new ImageRow(bytes).TextAt;
        var text = ReadText(first, checked((int)(last.TextAt + last.TextBytes - first)));
        for (var i = 0; i < images.Length; i++)
        {
            var at = new ImageRow(bytes.AsSpan(i * ImageRow.Bytes, ImageRow.Bytes));
            images[i] = at.Read(text.AsSpan((int)(at.TextAt - first), at.TextBytes), file.Header.MediaTypes, labels);
        }
    }

    /// <summary>The row of the image with this id, found by bisection; -1 if there is none.</summary>
    public int Find(string id)
    {
        var (low, high) = (0, file.Rows - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var row = BinaryPrimitives.ReadInt32LittleEndian(RevisionFile.ReadExactly(
                _stream.SafeFileHandle, layout.IndexAt + ((long)middle * RevisionLayout.IndexBytes), RevisionLayout.IndexBytes));
            var order = string.CompareOrdinal(id, IdOf(row));
            if (order == 0)
            {
                return row;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return -1;
    }

    public void Dispose() => _stream.Dispose();

    private string IdOf(int row)
    {
        var at = new ImageRow(ReadRows(row, 1));
        return Encoding.UTF8.GetString(ReadText(at.TextAt, at.IdBytes));
    }

    private byte[] ReadRows(int row, int count) => RevisionFile.ReadExactly(
        _stream.SafeFileHandle, RevisionLayout.RowsAt + ((long)row * ImageRow.Bytes), checked(count * ImageRow.Bytes));

    private byte[] ReadText(long at, int count) => RevisionFile.ReadExactly(_stream.SafeFileHandle, layout.TextAt + at, count);
}
