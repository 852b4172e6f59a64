using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Core.Classification.Bulk;

/// <summary>
/// Append-only file of image scores in a fixed order, with one record of fixed length per image, so that its length tells the progress.
/// Each record carries a checksum: records torn by a crash or a power loss are detected and computed again, and no flush is needed. Each
/// attempt writes its own file, starting with a copy of the valid records before it: a former owner that is still alive writes where nobody
/// reads. Not thread safe.
/// </summary>
public sealed class PredictionFile : IDisposable
{
    private const string Extension = ".scores";
    private const int HeaderBytes = sizeof(ulong) + KeyBytes;
    private const int CheckBytes = sizeof(uint);

    /// <summary>Length of the key in bytes.</summary>
    public const int KeyBytes = 32;

    private static readonly byte[] Magic = "CNNSCOR1"u8.ToArray();

    private readonly SafeFileHandle _file;
    private readonly int _classes;

    private PredictionFile(SafeFileHandle file, int classes)
    {
        (_file, _classes) = (file, classes);
    }

    /// <summary>Number of images with scores.</summary>
    public int Count { get; private set; }

    private int RecordBytes => (_classes * sizeof(float)) + CheckBytes;

    /// <summary>Continues from the records of former attempts if their key is the same; else starts empty.</summary>
    /// <param name="folder">Existing folder of the work.</param>
    /// <param name="attempt">Number of the attempt, higher than those before.</param>
    /// <param name="key">Identifies images and network, <see cref="KeyBytes"/> bytes; see <see cref="BulkPlan.Key"/>.</param>
    /// <param name="classes">Scores per image.</param>
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

    /// <summary>Deletes the score files of all attempts.</summary>
    public static void Clear(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Extension).ToList())
        {
            File.Delete(file);
        }
    }

    /// <summary>Appends scores of the next images, <c>[N,classes]</c>.</summary>
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

    /// <summary>The scores of each image in order; every array is new.</summary>
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

    /// <summary>Keeps the valid records up to the first invalid one, and truncates the rest.</summary>
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
