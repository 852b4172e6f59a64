using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// The scores of images as they come, in a fixed order, one record of one length an image: what is there tells how far the work is.
/// Each record carries a check, so that what a crash or a power loss left of the last ones is seen and done again; nothing need be
/// flushed. Each attempt writes a file of its own, begun with what the one before it had: an owner that was taken for dead writes where
/// nobody reads. Not thread safe.
/// </summary>
public sealed class PredictionFile : IDisposable
{
    private const string Extension = ".scores";
    private const int HeaderBytes = sizeof(ulong) + KeyBytes;
    private const int CheckBytes = sizeof(uint);

    /// <summary>Bytes of the key.</summary>
    public const int KeyBytes = 32;

    private static readonly byte[] Magic = "CNNSCOR1"u8.ToArray();

    private readonly SafeFileHandle _file;
    private readonly int _classes;

    private PredictionFile(SafeFileHandle file, int classes)
    {
        (_file, _classes) = (file, classes);
    }

    /// <summary>Images whose scores are here.</summary>
    public int Count { get; private set; }

    private int RecordBytes => (_classes * sizeof(float)) + CheckBytes;

    /// <summary>Goes on with what former attempts left, where it answers the same key; else begins anew.</summary>
    /// <param name="folder">Of the work; exists.</param>
    /// <param name="attempt">Higher than those before.</param>
    /// <param name="key">Says which images and which network: <see cref="KeyBytes"/> bytes.</param>
    /// <param name="classes">Scores an image.</param>
    public static PredictionFile Open(string folder, int attempt, ReadOnlySpan<byte> key, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var path = Path.Combine(folder, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{attempt:d6}{Extension}"));
        var former =
            new DirectoryInfo(folder).GetFiles("*" + Extension).OrderByDescending(file => file.Length).ThenByDescending(file => file.Name)
            .ToList();
        if (former is [var longest, ..] && longest.FullName != path)
        {
            File.Copy(longest.FullName, path, overwrite: true);
        }

        var file = new PredictionFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), classes);
        file.Begin(key);
        former.Where(other => other.FullName != path).ToList().ForEach(other => other.Delete());
        return file;
    }

    /// <summary>Deletes what is kept of the work in between.</summary>
    public static void Clear(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Extension).ToList())
        {
            File.Delete(file);
        }
    }

    /// <summary>Adds the scores of further images, row by row.</summary>
    public void Append(ReadOnlySpan<float> scores)
    {
        var rows = Math.DivRem(scores.Length, _classes, out var rest);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rest, 0, nameof(scores));
        var bytes = new byte[rows * RecordBytes];
        for (var row = 0; row < rows; row++)
        {
            var record = bytes.AsSpan(row * RecordBytes, RecordBytes);
            MemoryMarshal.AsBytes(scores.Slice(row * _classes, _classes)).CopyTo(record);
            BinaryPrimitives.WriteUInt32LittleEndian(record[^CheckBytes..], Check(Count + row, record[..^CheckBytes]));
        }

        RandomAccess.Write(_file, bytes, Offset(Count));
        Count += rows;
    }

    /// <summary>The scores of each image in their order; the array is the caller's.</summary>
    public IEnumerable<float[]> Read()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return TryRead(index)
                ?? throw new InvalidDataException($"The scores of image {index} were there and do not read any more.");
        }
    }

    public void Dispose() => _file.Dispose();

    private static uint Check(int index, ReadOnlySpan<byte> content)
    {
        var check = BitOperations.Crc32C(uint.MaxValue, (uint)index); // The place is part of it; zeros alone are no record.
        foreach (var word in MemoryMarshal.Cast<byte, uint>(content))
        {
            check = BitOperations.Crc32C(check, word);
        }

        return ~check;
    }

    /// <summary>Keeps the records that are sound, up to the first that is not.</summary>
    private void Begin(ReadOnlySpan<byte> key)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(_file, header, 0) < HeaderBytes || !header[..Magic.Length].SequenceEqual(Magic)
            || !header[Magic.Length..].SequenceEqual(key))
        {
            RandomAccess.SetLength(_file, 0);
            RandomAccess.Write(_file, Magic, 0);
            RandomAccess.Write(_file, key, Magic.Length);
        }

        while (TryRead(Count) is not null)
        {
            Count++;
        }

        RandomAccess.SetLength(_file, Offset(Count));
    }

    private float[]? TryRead(int index)
    {
        var record = new byte[RecordBytes];
        var read = RandomAccess.Read(_file, record, Offset(index));
        return read == record.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(record.Length - CheckBytes))
                == Check(index, record.AsSpan(0, record.Length - CheckBytes))
            ? MemoryMarshal.Cast<byte, float>(record.AsSpan(0, record.Length - CheckBytes)).ToArray()
            : null;
    }

    private long Offset(int index) => HeaderBytes + ((long)index * RecordBytes);
}
