using System.Text;

namespace CnnService.Imaging.Import;

/// <summary>
/// Enforces the limits on a source by counting what is actually read; sizes declared by the archive are not trusted. One instance per
/// source; not thread safe.
/// </summary>
internal sealed class SourceLimits(ImportOptions options, int maxFileBytes, long packedBytes)
{
    private const long RatioMinBytes = 10L << 20;

    private long _bytes;
    private int _entries;

    /// <summary>Whether a path is a hidden or system file, which nobody means to import.</summary>
    public static bool IsSystemFile(string path) =>
        path.Split('/')
        .Any(part => part.StartsWith('.') && part is not ("." or "..") || part is "__MACOSX" or "Thumbs.db" or "desktop.ini");

    /// <summary>Counts an entry; returns why its path is rejected, or null.</summary>
    public string? Check(string path)
    {
        if (++_entries > options.MaxEntries)
        {
            throw new SourceLimitException("dataset.too-many-files", $"A data set may have {options.MaxEntries} files.");
        }

        return Encoding.UTF8.GetByteCount(path) > options.MaxNameBytes ? $"its path is longer than {options.MaxNameBytes} bytes"
            : path.Count(c => c == '/') > options.MaxDepth ? $"it lies deeper than {options.MaxDepth} folders"
            : null;
    }

    /// <summary>Reads a file to its end, within the limits.</summary>
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

    private void Count(int bytes)
    {
        _bytes += bytes;
        if (_bytes > options.MaxBytes)
        {
            throw new SourceLimitException("dataset.too-large", $"A data set may unpack to {options.MaxBytes} bytes.");
        }

        if (_bytes > RatioMinBytes && _bytes / Math.Max(1, packedBytes) > options.MaxRatio)
        {
            throw new SourceLimitException("dataset.archive-bomb", $"The archive unpacks to more than {options.MaxRatio} times its size.");
        }
    }
}
