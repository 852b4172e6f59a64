using System.Collections.Concurrent;

namespace CnnService.Web.Artifacts;

/// <summary>
/// What small files say that any process sharing the data directory may write: each is read once, and again where it was written since.
/// Thread safe.
/// </summary>
/// <param name="read">Reads a file; it may be gone by then.</param>
internal sealed class WrittenFiles<T>(Func<string, T> read)
    where T : class
{
    /// <summary>What <see cref="File.GetLastWriteTimeUtc(string)"/> gives for a file that is not there.</summary>
    private static readonly DateTime Never = DateTime.FromFileTimeUtc(0);

    private readonly ConcurrentDictionary<string, (DateTime WrittenAt, T Content)> _known = new(StringComparer.Ordinal);

    /// <summary>Null where there is no such file.</summary>
    public T? Find(string path)
    {
        var writtenAt = File.GetLastWriteTimeUtc(path);
        if (writtenAt == Never)
        {
            _known.TryRemove(path, out _);
            return null;
        }

        if (_known.TryGetValue(path, out var known) && known.WrittenAt == writtenAt)
        {
            return known.Content;
        }

        var content = read(path);
        _known[path] = (writtenAt, content);
        return content;
    }

    /// <summary>Lets the file be read again, after this process has written or deleted it.</summary>
    public void Forget(string path) => _known.TryRemove(path, out _);
}
