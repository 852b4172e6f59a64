using System.Text;
using CnnService.Core.Common;

namespace CnnService.Imaging.Import;

/// <summary>
/// Enforces the limits on a source by counting what is actually read; sizes declared by the archive are not trusted. One instance per
/// source; not thread safe.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="maxFileBytes">Largest file that is held in memory.</param>
/// <param name="packedBytes">Size of the archive.</param>
/// <param name="spoolFolder">Where files are put that are too large to be held; they are deleted as they are closed.</param>
internal sealed class SourceLimits(ImportOptions options, int maxFileBytes, long packedBytes, string spoolFolder)
{
    private const long RatioMinBytes = 10L << 20;

    /// <summary>Far more than the names of as many files take as a data set may have.</summary>
    private const long MaxDirectoryBytes = 128L << 20;

    private long _bytes;
    private long _unpacked;
    private int _entries;

    /// <summary>Whether a path is a hidden or system file, which nobody means to import.</summary>
    public static bool IsSystemFile(string path) =>
        path.Split('/')
        .Any(part => part.StartsWith('.') && part is not ("." or "..") || part is "__MACOSX" or "Thumbs.db" or "desktop.ini");

    /// <summary>Counts an entry; returns why its path is rejected, or null.</summary>
    public string? Check(string path)
    {
        CountEntry();
        return Encoding.UTF8.GetByteCount(path) > options.MaxNameBytes ? $"its path is longer than {options.MaxNameBytes} bytes"
            : path.Count(c => c == '/') > options.MaxDepth ? $"it lies deeper than {options.MaxDepth} folders"
            : null;
    }

    /// <summary>Counts a file, or an image in a file of many.</summary>
    /// <exception cref="SourceRefusedException">It is one more than a data set may have.</exception>
    public void CountEntry()
    {
        if (++_entries > options.MaxEntries)
        {
            throw TooLarge("dataset.too-many-files", $"A data set may have {options.MaxEntries} files.");
        }
    }

    /// <summary>Checks the list of entries of a zip before it is read, which takes it into memory as it is.</summary>
    /// <exception cref="SourceRefusedException">It is far longer than that of a data set.</exception>
    public void CheckDirectory(Stream zip)
    {
        if (ZipDirectory.Exceeds(zip, 2L * options.MaxEntries, MaxDirectoryBytes))
        {
            throw TooLarge("dataset.too-many-files", $"A data set may have {options.MaxEntries} files, and an archive as many folders.");
        }
    }

    /// <summary>Whether a file of this name holds many images and is given as a stream.</summary>
    public static bool IsLarge(string path) => ParquetImages.IsParquet(path) || CifarFiles.IsRecords(path);

    /// <summary>Reads a file to its end, within the limits: into memory, or, one of many images, into a file.</summary>
    public SourceFile ReadAny(string path, Stream stream) => IsLarge(path) ? Spool(path, stream) : Read(path, stream);

    private SourceFile Spool(string path, Stream stream)
    {
        var file = new FileStream(
            Path.Combine(Directory.CreateDirectory(spoolFolder).FullName, $"spool-{Guid.NewGuid():N}"), FileMode.CreateNew,
            FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            var buffer = new byte[1 << 16];
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                Count(read);
                file.Write(buffer, 0, read);
            }

            return new(path, null, null) { Stream = file };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file to its end into memory, within the limits.</summary>
    public SourceFile Read(string path, Stream stream)
    {
        var limit = IdxFiles.IsIdx(path) ? IdxFiles.MaxFileBytes : maxFileBytes;
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            Count(read);
            if (content.Length + read > limit)
            {
                return new(path, null, $"it is larger than {limit} bytes");
            }

            content.Write(buffer, 0, read);
        }

        return new(path, content.ToArray(), null);
    }

    /// <summary>Counts what comes out of a compressed archive, the entries included that nobody reads.</summary>
    /// <exception cref="SourceRefusedException">It is more than an archive of this size may hold.</exception>
    public void CountUnpacked(int bytes) => Require(_unpacked += bytes);

    private void Count(int bytes) => Require(_bytes += bytes);

    private void Require(long bytes)
    {
        if (bytes > options.MaxBytes)
        {
            throw TooLarge("dataset.too-large", $"A data set may unpack to {options.MaxBytes} bytes.");
        }

        if (bytes > RatioMinBytes && bytes / Math.Max(1, packedBytes) > options.MaxRatio)
        {
            throw TooLarge("dataset.archive-bomb", $"The archive unpacks to more than {options.MaxRatio} times its size.");
        }
    }

    private static SourceRefusedException TooLarge(string code, string detail) => new(new(ProblemKind.TooLarge, code, detail));
}
