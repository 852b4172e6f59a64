using System.Runtime.InteropServices;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Features of images on disk, by the image's hash: a file for each way of computing them, in which a row is 32 bytes of key and the
/// values. Whatever data set an image is in, its features are computed once. Rows are only appended, by one process at a time; a row that
/// was cut short by a crash is ignored. Safe to delete at any time.
/// </summary>
/// <param name="folder">Created when first written to.</param>
/// <param name="maxBytes">Size of the folder beyond which the files that were not used longest are deleted.</param>
/// <param name="time">Tells when a file was used.</param>
internal sealed class FeatureCache(string folder, long maxBytes, TimeProvider time)
{
    public const int KeyBytes = 32;

    private const string Extension = ".features";

    /// <summary>How many of these keys have a row; their values are not read.</summary>
    /// <param name="way">Names the way of computing: hex.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="keys">Hex of 32 bytes each.</param>
    public int Count(string way, int width, IReadOnlySet<string> keys)
    {
        using var stream = Open(way);
        return stream is null ? 0 : Keys(stream, width).Where(keys.Contains).Distinct(StringComparer.Ordinal).Count();
    }

    /// <summary>The known rows of these keys.</summary>
    /// <param name="way">Names the way of computing: hex.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="keys">Hex of 32 bytes each.</param>
    public Dictionary<string, float[]> Read(string way, int width, IReadOnlySet<string> keys)
    {
        var found = new Dictionary<string, float[]>(StringComparer.Ordinal);
        using var stream = Open(way);
        if (stream is null)
        {
            return found;
        }

        foreach (var key in Keys(stream, width).Where(keys.Contains))
        {
            var values = new float[width];
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            found[key] = values;
            if (found.Count == keys.Count)
            {
                break;
            }
        }

        File.SetLastWriteTimeUtc(stream.Name, time.GetUtcNow().UtcDateTime);
        return found;
    }

    /// <summary>
    /// Appends rows; false where another process is appending or the disk is full: they are then computed again another time.
    /// </summary>
    public bool Append(string way, int width, IReadOnlyCollection<KeyValuePair<string, float[]>> rows)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var stream = new FileStream(PathOf(way), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1 << 20);
            stream.SetLength(stream.Length / RowBytes(width) * RowBytes(width));
            stream.Seek(0, SeekOrigin.End);
            foreach (var (key, values) in rows)
            {
                stream.Write(Convert.FromHexString(key));
                stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            }

            stream.Flush();
        }
        catch (IOException)
        {
            return false;
        }

        Shrink(PathOf(way));
        return true;
    }

    /// <summary>Null where nothing was kept.</summary>
    private FileStream? Open(string way) => File.Exists(PathOf(way))
        ? new(PathOf(way), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20)
        : null;

    /// <summary>The key of each whole row; between two of them the stream stands at the values of the first.</summary>
    private static IEnumerable<string> Keys(FileStream stream, int width)
    {
        var key = new byte[KeyBytes];
        var rows = stream.Length / RowBytes(width);
        for (var row = 0L; row < rows; row++)
        {
            stream.Seek(row * RowBytes(width), SeekOrigin.Begin);
            stream.ReadExactly(key);
            yield return Convert.ToHexStringLower(key);
        }
    }

    private static long RowBytes(int width) => KeyBytes + ((long)width * sizeof(float));

    private string PathOf(string way) => Path.Combine(folder, way + Extension);

    /// <summary>Deletes the files that were not used longest until the rest fits.</summary>
    private void Shrink(string used)
    {
        var files = new DirectoryInfo(folder).GetFiles("*" + Extension).OrderByDescending(file => file.FullName == used)
            .ThenByDescending(file => file.LastWriteTimeUtc).ToList();
        var sum = 0L;
        foreach (var file in files)
        {
            sum += file.Length;
            if (sum > maxBytes && file.FullName != used)
            {
                file.Delete();
            }
        }
    }
}
