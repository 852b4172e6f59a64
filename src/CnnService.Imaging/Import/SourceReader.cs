using System.Formats.Tar;
using System.IO.Compression;
using CnnService.Core.Common;
using CnnService.Imaging.Import.Parquet;
using CnnService.Imaging.Import.Unpacking;

namespace CnnService.Imaging.Import;

/// <summary>
/// Reads the files of an archive (zip, or tar as it is or compressed; detected by content) or folder one after another. Paths are only used
/// to derive class and split: nothing is written to them, and links are never followed.
/// </summary>
internal static class SourceReader
{
    /// <summary>Path of an uploaded Parquet file, whose own name is not known.</summary>
    private const string SingleParquet = "data.parquet";

    /// <summary>EINVAL: the place that was sought lies before the beginning of the file.</summary>
    private const int InvalidPlace = 22;

    /// <summary>The files in archive order.</summary>
    /// <exception cref="InvalidDataException">The archive cannot be read; thrown during enumeration too.</exception>
    public static IEnumerable<SourceFile> Archive(string path, EntryNames names, SourceLimits guard)
    {
        Span<byte> start = stackalloc byte[Decompressor.SignatureBytes];
        using (var stream = File.OpenRead(path))
        {
            stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }

        return Guard(start switch
        {
            [(byte)'P', (byte)'K', ..] => Zip(path, names, guard),
            _ when ParquetFooter.IsParquet(start) => [new SourceFile(SingleParquet, null, null) { Stream = File.OpenRead(path) }],
            [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => throw new InvalidDataException("it is a 7z archive"),
            [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => throw new InvalidDataException("it is a RAR archive"),
            _ => Tar(path, guard, Decompressor.Detect(start)),
        });
    }

    /// <summary>The files of a folder and below it.</summary>
    /// <param name="path">
    /// Its real path (<see cref="RegularFile.RealPath"/>): a file whose folder has been exchanged for a link meanwhile, or that of the
    /// whole import, is rejected.
    /// </param>
    /// <param name="guard">The limits.</param>
    public static IEnumerable<SourceFile> Folder(string path, SourceLimits guard)
    {
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

        foreach (var folder in Directory.EnumerateDirectories(path, "*", everything).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(path, folder).Replace('\\', '/');
            if (!SourceLimits.IsSystemFile(name))
            {
                yield return FolderAt(name);
            }
        }
    }

    private static SourceFile FolderAt(string path) => new(path.TrimEnd('/'), null, null) { IsFolder = true };

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
            stream = RegularFile.OpenReadWithoutLinks(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new(name, null, Reason(failure));
        }

        if (SourceLimits.IsLarge(name))
        {
            return new(name, null, null) { Stream = stream };
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

    private static IEnumerable<SourceFile> Zip(string path, EntryNames names, SourceLimits guard)
    {
        using var file = File.OpenRead(path);
        guard.CheckDirectory(file);
        var declared = ZipUnicodeNames.Read(path);
        using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: false, RawNameEncoding.Instance);
        foreach (var (number, entry) in archive.Entries.Index())
        {
            var name = (declared.GetValueOrDefault(number) ?? names.Decode(entry.FullName)).Replace('\\', '/');
            if (SourceLimits.IsSystemFile(name))
            {
                continue;
            }

            if (name.EndsWith('/'))
            {
                yield return FolderAt(name);
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
            return guard.ReadAny(name, stream);
        }
        catch (InvalidDataException damaged)
        {
            return new(name, null, $"the archive is damaged there: {damaged.Message}");
        }
        catch (IOException nowhere) when (nowhere.HResult == InvalidPlace)
        {
            return new(name, null, "the archive is damaged there: the entry is said to lie before its beginning");
        }
    }

    private static IEnumerable<SourceFile> Tar(string path, SourceLimits guard, Compression compression)
    {
        using var stream = new Decompressor(compression, File.OpenRead(path), guard.CountUnpacked);
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry() is { } entry)
        {
            var name = EntryNames.RequireText(entry.Name).Replace('\\', '/');
            name = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
            if (name.Length == 0 || SourceLimits.IsSystemFile(name))
            {
                continue;
            }

            if (entry.EntryType is TarEntryType.Directory)
            {
                yield return FolderAt(name);
                continue;
            }

            yield return guard.Check(name) is { } refusal ? new(name, null, refusal)
                : entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    ? new(name, null, $"it is no regular file ({entry.EntryType})")
                : guard.ReadAny(name, entry.DataStream ?? Stream.Null);
        }
    }
}
