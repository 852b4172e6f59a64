using System.Formats.Tar;
using System.IO.Compression;
using CnnService.Core.Common;

namespace CnnService.Imaging.Import;

/// <summary>
/// Reads the files of an archive (zip, tar, tar.gz, detected by content) or folder one after another. Paths are only used to derive class
/// and
/// split: nothing is written to them, and links are never followed.
/// </summary>
internal static class SourceReader
{
    /// <summary>The files in archive order.</summary>
    /// <exception cref="InvalidDataException">The archive cannot be read; thrown during enumeration too.</exception>
    public static IEnumerable<SourceFile> Archive(string path, ImportOptions options, int maxFileBytes)
    {
        var guard = new SourceLimits(options, maxFileBytes, new FileInfo(path).Length);
        Span<byte> start = stackalloc byte[4];
        using (var stream = File.OpenRead(path))
        {
            stream.ReadAtLeast(start, 4, throwOnEndOfStream: false);
        }

        return Guard(
            start is [(byte)'P', (byte)'K', ..] ? Zip(path, guard) : Tar(path, guard, compressed: start is [0x1F, 0x8B, ..]));
    }

    public static IEnumerable<SourceFile> Folder(string path, ImportOptions options, int maxFileBytes)
    {
        var guard = new SourceLimits(options, maxFileBytes, long.MaxValue);
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in Directory.EnumerateFiles(path, "*", everything).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(path, file).Replace('\\', '/');
            if (SourceLimits.IsSystemFile(name))
            {
                continue;
            }

            if (guard.Check(name) is { } refusal)
            {
                yield return new(name, null, refusal);
                continue;
            }

            yield return ReadFile(file, name, guard);
        }
    }

    /// <summary>
    /// The readers of .NET throw exceptions of many kinds for damaged archives, such as an overflow for a tar entry's size in base 256. All
    /// of them mean the same, now and at each further attempt.
    /// </summary>
    private static IEnumerable<SourceFile> Guard(IEnumerable<SourceFile> files)
    {
        using var reading = files.GetEnumerator();
        while (MoveNext(reading))
        {
            yield return reading.Current;
        }
    }

    private static bool MoveNext(IEnumerator<SourceFile> reading)
    {
        try
        {
            return reading.MoveNext();
        }
        catch (Exception damaged) when (damaged is FormatException or ArithmeticException or ArgumentException or NotSupportedException
            or IndexOutOfRangeException or InvalidOperationException)
        {
            throw new InvalidDataException(damaged.Message, damaged);
        }
    }

    /// <summary>Never waits: a pipe or device in the folder is rejected like any other file that is no image.</summary>
    private static SourceFile ReadFile(string path, string name, SourceLimits guard)
    {
        FileStream stream;
        try
        {
            stream = RegularFile.OpenRead(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new(name, null, Reason(failure));
        }

        using (stream)
        {
            return guard.Read(name, stream);
        }
    }

    /// <summary>Says nothing of where the folder lies.</summary>
    private static string Reason(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it is gone",
        UnauthorizedAccessException => "the service may not read it",
        NotRegularFileException => "it is no regular file",
        _ => "the disk does not give it",
    };

    private static IEnumerable<SourceFile> Zip(string path, SourceLimits guard)
    {
        using var archive = ZipFile.OpenRead(path);
        foreach (var entry in archive.Entries)
        {
            var name = entry.FullName.Replace('\\', '/');
            if (name.EndsWith('/') || SourceLimits.IsSystemFile(name))
            {
                continue;
            }

            yield return guard.Check(name) is { } refusal ? new(name, null, refusal)
                : entry.IsEncrypted ? new(name, null, "it is encrypted")
                : ReadZip(entry, name, guard);
        }
    }

    private static SourceFile ReadZip(ZipArchiveEntry entry, string name, SourceLimits guard)
    {
        try
        {
            using var stream = entry.Open();
            return guard.Read(name, stream);
        }
        catch (InvalidDataException damaged)
        {
            return new(name, null, $"the archive is damaged there: {damaged.Message}");
        }
    }

    private static IEnumerable<SourceFile> Tar(string path, SourceLimits guard, bool compressed)
    {
        using var file = File.OpenRead(path);
        using Stream stream = compressed ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry() is { } entry)
        {
            var name = entry.Name.Replace('\\', '/');
            name = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
            if (entry.EntryType is TarEntryType.Directory || name.Length == 0 || SourceLimits.IsSystemFile(name))
            {
                continue;
            }

            yield return guard.Check(name) is { } refusal ? new(name, null, refusal)
                : entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    ? new(name, null, $"it is no regular file ({entry.EntryType})")
                : guard.Read(name, entry.DataStream ?? Stream.Null);
        }
    }
}
