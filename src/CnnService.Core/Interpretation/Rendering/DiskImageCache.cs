using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>
/// Caches images as files that contain the bytes and their SHA-256. Files are written under a temporary name and renamed when complete; a
/// truncated or altered file counts as missing. The least recently used are evicted first. Several processes may share the folder.
/// Thread safe.
/// </summary>
/// <param name="options">Folder and size limit.</param>
/// <param name="clock">Clock of the last use.</param>
public sealed class DiskImageCache(DiskImageCacheOptions options, TimeProvider clock) : IImageCache
{
    private const string Extension = ".image";
    private const int PrefixLength = 2;

    /// <summary>Eviction goes down to this share of the limit, so that it does not have to list the folder for every image.</summary>
    private const double EvictionTarget = 0.9;

    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly string _attempt = Guid.NewGuid().ToString("N");
    private long? _taken; // Guarded by _gate; null: not counted yet.
    private long _written;

    /// <summary>
    /// Bytes of all images as known to this process; images of other processes are counted when it starts and at each eviction.
    /// </summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _taken ??= Tidy();
            }
        }
    }

    public bool TryGet(string key, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var path = PathOf(key);
        var file = ReadIfThere(path);
        if (file is null)
        {
            return false;
        }

        var length = file.Length - SHA256.HashSizeInBytes;
        if (length < 0 || !SHA256.HashData(file.AsSpan(0, length)).AsSpan().SequenceEqual(file.AsSpan(length)))
        {
            return false;
        }

        Touch(path);
        bytes = file[..length];
        return true;
    }

    /// <summary>Stores the bytes. If the disk is full nothing is stored, which costs only the time to render again.</summary>
    public void Put(string key, ReadOnlyMemory<byte> bytes)
    {
        var path = PathOf(key);
        var length = bytes.Length + SHA256.HashSizeInBytes;
        if (length > options.MaxBytes)
        {
            return;
        }

        try
        {
            Write(path, bytes.Span);
        }
        catch (IOException full) when (full.IsDiskFull())
        {
            return;
        }

        lock (_gate)
        {
            _taken = _taken is { } counted ? counted + length : Tidy();
            if (_taken > options.MaxBytes)
            {
                _taken = Evict();
            }
        }
    }

    private static byte[]? ReadIfThere(string path)
    {
        try
        {
            return RegularFile.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Touch(string path)
    {
        try
        {
            File.SetLastAccessTimeUtc(path, clock.GetUtcNow().UtcDateTime);
        }
        catch (FileNotFoundException)
        {
            // Another process evicted the file after it was read.
        }
    }

    private void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}{DurableFile.TemporaryMark}{_attempt}-{Interlocked.Increment(ref _written)}";
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                RandomAccess.Write(file, bytes, 0);
                RandomAccess.Write(file, SHA256.HashData(bytes), bytes.Length);
            }

            File.SetLastAccessTimeUtc(temporary, clock.GetUtcNow().UtcDateTime);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Deletes abandoned temporary files, and returns the total size of the rest.</summary>
    private long Tidy()
    {
        var abandoned = clock.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var file in Files().Where(file => file.Extension != Extension && file.LastWriteTimeUtc < abandoned))
        {
            file.Delete();
        }

        return Images().Sum(file => file.Length);
    }

    private long Evict()
    {
        var files = Images().OrderBy(file => file.LastAccessTimeUtc).ToList();
        var taken = files.Sum(file => file.Length);
        var target = (long)(options.MaxBytes * EvictionTarget);
        foreach (var file in files.TakeWhile(_ => taken > target))
        {
            taken -= file.Length;
            file.Delete();
        }

        return taken;
    }

    private IEnumerable<FileInfo> Images() => Files().Where(file => file.Extension == Extension && file.Exists);

    private FileInfo[] Files() =>
        new DirectoryInfo(options.Folder) is { Exists: true } folder ? folder.GetFiles("*", SearchOption.AllDirectories) : [];

    /// <exception cref="ArgumentException">The key is not lower-case hex.</exception>
    private string PathOf(string key) => key?.Length > PrefixLength && key.All(char.IsAsciiHexDigitLower)
        ? Path.Combine(options.Folder, key[..PrefixLength], key + Extension)
        : throw new ArgumentException($"A key is lower-case hex of more than {PrefixLength} digits, received '{key}'.", nameof(key));
}
