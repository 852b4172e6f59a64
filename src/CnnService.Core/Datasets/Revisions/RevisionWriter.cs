using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>Writes a revision's file: whole, or as the changes of another file where they are few.</summary>
internal sealed class RevisionWriter
{
    /// <summary>Most images that a file of changes holds; with more, a revision is written whole.</summary>
    internal const int MaxChanges = 512;

    private const int MaxSegments = 4 * MaxChanges;

    /// <summary>A file of changes pays where most of the images lie elsewhere.</summary>
    private const int LeastShare = 4;

    private readonly DatasetManifest _dataset;
    private readonly RevisionBase? _base;
    private readonly List<RevisionSegment> _segments = [];
    private readonly List<DatasetImage> _own = [];
    private readonly List<string> _mediaTypes = [];
    private readonly RejectedFile[] _rejected;

    private RevisionWriter(DatasetManifest dataset, RevisionBase? changed)
    {
        _dataset = dataset;
        foreach (var (position, image) in dataset.Images.Index())
        {
            Place(position, image, changed?.Rows[position] ?? -1);
        }

        var isSmall = _own.Count <= MaxChanges && _own.Count * LeastShare <= dataset.Images.Count && _segments.Count <= MaxSegments;
        if (changed is null || !isSmall)
        {
            (_own, _segments) = ([.. dataset.Images], []);
        }
        else
        {
            _base = changed;
        }

        _rejected = _base is null ? [.. dataset.Rejected] : [];
        _mediaTypes = [.. _own.Select(image => image.MediaType).Distinct()];
    }

    /// <summary>Writes it under a temporary name, flushes it, and gives it its name.</summary>
    /// <param name="folder">The folder of the revisions.</param>
    /// <param name="dataset">The data set, its images in their order.</param>
    /// <param name="changed">Where its images lie in an earlier file; null: nowhere.</param>
    public static void Write(string folder, DatasetManifest dataset, RevisionBase? changed)
    {
        var writer = new RevisionWriter(dataset, changed);
        var temporary = Path.Combine(folder, $"{dataset.Revision.Number:d8}{DurableFile.TemporaryMark}{Guid.NewGuid():N}");
        string hash;
        try
        {
            using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
            writer.Write(stream);
            stream.Position = 0;
            hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            DurableFile.Flush(stream);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        DurableFile.Publish(temporary, Path.Combine(folder, new RevisionName(dataset.Revision.Number, hash).FileName));
    }

    private void Place(int position, DatasetImage image, int baseRow)
    {
        var (isBase, row) = (baseRow >= 0, baseRow >= 0 ? baseRow : _own.Count);
        if (!isBase)
        {
            _own.Add(image);
        }

        if (_segments is [.., var last] && last.IsBase == isBase && last.Row + last.Count == row)
        {
            _segments[^1] = last with { Count = last.Count + 1 };
        }
        else
        {
            _segments.Add(new(position, 1, isBase, row));
        }
    }

    private void Write(FileStream stream)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(Header(), CoreJson.Options);
        var textBytes = _own.Sum(image => (long)ImageRow.TextBytesOf(image)) + _rejected.Sum(file => (long)Length(file.Path, file.Reason));
        Span<byte> preamble = stackalloc byte[RevisionLayout.PreambleBytes];
        new RevisionLayout(_own.Count, _segments.Count, _rejected.Length, textBytes, header.Length).Write(preamble);
        stream.Write(preamble);
        var textAt = WriteRows(stream);
        WriteIndex(stream);
        WriteSegments(stream);
        WriteRejected(stream, textAt);
        _own.ForEach(image => WriteTexts(stream, image.Id, image.Source));
        Array.ForEach(_rejected, file => WriteTexts(stream, file.Path, file.Reason));
        stream.Write(header);
        stream.Flush();
    }

    private RevisionHeader Header() => new()
    {
        Dataset = _dataset,
        Counts = [.. ImageCounts.Count(_dataset.Images, _dataset.LabelCount).All.Select(counts => counts.ToArray())],
        MediaTypes = _mediaTypes,
        Base = _base is null ? null : Path.GetFileName(_base.File.Path),
        BaseLabels = _base is null ? null : BaseLabels(Labels(_base.Dataset), Labels(_dataset)),
    };

    /// <summary>Null where they are the same.</summary>
    private static int[]? BaseLabels(string[] before, string[] now)
    {
        var labels = now.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return before.SequenceEqual(now, StringComparer.Ordinal) ? null : [.. before.Select(one => labels.GetValueOrDefault(one, -1))];
    }

    /// <summary>A text for each label that no other has: class names have no line breaks.</summary>
    private static string[] Labels(DatasetManifest dataset) =>
        [.. Enumerable.Range(0, dataset.LabelCount).Select(label => string.Join('\n', dataset.NamesOf(label)))];

    /// <summary>Returns where the texts of the rejected files begin.</summary>
    private long WriteRows(FileStream stream)
    {
        Span<byte> row = stackalloc byte[ImageRow.Bytes];
        var textAt = 0L;
        foreach (var image in _own)
        {
            ImageRow.Write(row, image, _mediaTypes.IndexOf(image.MediaType), textAt);
            stream.Write(row);
            textAt += ImageRow.TextBytesOf(image);
        }

        return textAt;
    }

    private void WriteIndex(FileStream stream)
    {
        string[] ids = [.. _own.Select(image => image.Id)];
        int[] rows = [.. Enumerable.Range(0, ids.Length)];
        Array.Sort(ids, rows, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            WriteNumber(stream, row);
        }
    }

    private void WriteSegments(FileStream stream)
    {
        foreach (var segment in _segments)
        {
            WriteNumber(stream, segment.IsBase ? 1 : 0);
            WriteNumber(stream, segment.Row);
            WriteNumber(stream, segment.Count);
        }
    }

    private void WriteRejected(FileStream stream, long textAt)
    {
        Span<byte> entry = stackalloc byte[RevisionLayout.RejectedBytes];
        foreach (var file in _rejected)
        {
            BinaryPrimitives.WriteInt64LittleEndian(entry, textAt);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], Length(file.Path));
            BinaryPrimitives.WriteInt32LittleEndian(entry[12..], Length(file.Reason));
            stream.Write(entry);
            textAt += Length(file.Path, file.Reason);
        }
    }

    private static void WriteNumber(FileStream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void WriteTexts(FileStream stream, params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    private static int Length(params ReadOnlySpan<string> texts)
    {
        var bytes = 0;
        foreach (var text in texts)
        {
            bytes += Encoding.UTF8.GetByteCount(text);
        }

        return bytes;
    }
}
