using System.Security.Cryptography;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>Puts the files of a folder into a store, but for what a former listing of it holds already.</summary>
/// <param name="store">The store.</param>
/// <param name="temporary">Folder for objects under way.</param>
/// <param name="packBytes">Size of an object, but for the last.</param>
internal sealed class FilePacker(IArtifactStore store, string temporary, long packBytes = FilePacker.PackBytes)
{
    /// <summary>64 MiB: one request pays for many files, and one that breaks off is soon repeated.</summary>
    public const long PackBytes = 64L << 20;

    private const int BufferBytes = 1 << 17;

    /// <summary>Each of the ways in which files are written in place, or hold locks: no part of a folder's content.</summary>
    private static readonly string[] Passing = [DurableFile.TemporaryMark, "changes.lock"];

    /// <summary>The listing of the folder as it is now; its objects are in the store.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="prefix">Put before the keys of new objects.</param>
    /// <param name="before">What the store holds already.</param>
    /// <param name="isPart">Which files belong to it, by path.</param>
    /// <param name="cancel">Cancels the transfer; objects that were put stay.</param>
    public async Task<FileListing> PackAsync(
        string folder, string prefix, FileListing before, Func<string, bool> isPart, CancellationToken cancel)
    {
        var (kept, added) = Split(folder, before, isPart, cancel);
        int[] used = [.. kept.SelectMany(before.PartsOf).Select(part => part.Object).Distinct().Order()];
        PackedObject[] objects = [.. used.Select(index => before.Objects[index])];
        var places = used.Index().ToDictionary(place => place.Item, place => place.Index);
        var files = kept.ConvertAll(file => file.Bytes == 0 ? file : file with { Object = places[file.Object] });
        var packs = new List<PackedObject>();
        var pack = new Pack(Directory.CreateDirectory(temporary).FullName);
        try
        {
            foreach (var path in added)
            {
                var (at, offset) = (objects.Length + packs.Count, pack.Bytes);
                var (sha256, bytes) = await AppendAsync(Path.Combine(folder, path), pack, packs, prefix, cancel);
                files.Add(bytes == 0 ? new(path, sha256, 0, 0, 0) : new(path, sha256, bytes, at, offset));
            }

            await PutAsync(pack, packs, prefix, cancel);
        }
        finally
        {
            pack.Dispose();
        }

        return new([.. objects, .. packs], [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)]);
    }

    /// <summary>The paths of a folder's files, in order.</summary>
    public static IEnumerable<string> PathsIn(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => !Passing.Any(mark => Path.GetFileName(file).Contains(mark, StringComparison.Ordinal)))
        .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
        .Order(StringComparer.Ordinal);

    public static string HashOf(string file)
    {
        using var content = RegularFile.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    /// <summary>Files that a former listing holds with the content they have now, and the others.</summary>
    private static (List<PackedFile> Kept, List<string> Added) Split(
        string folder, FileListing before, Func<string, bool> isPart, CancellationToken cancel)
    {
        var (kept, added) = (new List<PackedFile>(), new List<string>());
        foreach (var path in PathsIn(folder).Where(isPart))
        {
            cancel.ThrowIfCancellationRequested();
            if (before.Find(path) is { } known && IsSame(Path.Combine(folder, path), known))
            {
                kept.Add(known);
            }
            else
            {
                added.Add(path);
            }
        }

        return (kept, added);
    }

    /// <summary>What is named by its hash is never read for it.</summary>
    private static bool IsSame(string file, PackedFile known) =>
        new FileInfo(file) is { Exists: true } found && found.Length == known.Bytes
        && (found.Name == known.Sha256 || HashOf(file) == known.Sha256);

    private async Task<(string Sha256, long Bytes)> AppendAsync(
        string file, Pack pack, List<PackedObject> packs, string prefix, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var content = RegularFile.OpenRead(file);
        var (buffer, bytes) = (new byte[BufferBytes], 0L);
        int read;
        while ((read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, packBytes - pack.Bytes)), cancel)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await pack.WriteAsync(buffer.AsMemory(0, read), cancel);
            bytes += read;
            if (pack.Bytes == packBytes)
            {
                await PutAsync(pack, packs, prefix, cancel);
            }
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }

    private async Task PutAsync(Pack pack, List<PackedObject> packs, string prefix, CancellationToken cancel)
    {
        if (pack.Bytes > 0)
        {
            var (bytes, sha256) = (pack.Bytes, await pack.CloseAsync());
            var made = new PackedObject($"{prefix}/{sha256}", bytes);
            await store.PutAsync(made.Key, pack.File, cancel);
            packs.Add(made);
            pack.Reset();
        }
    }

    /// <summary>An object under way, in a temporary file.</summary>
    private sealed class Pack(string folder) : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private FileStream? _content;

        public string File { get; } = Path.Combine(folder, $"{Guid.NewGuid():N}{DurableFile.TemporaryMark}pack");

        public long Bytes { get; private set; }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancel)
        {
            _content ??= new FileStream(File, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes);
            _hash.AppendData(content.Span);
            await _content.WriteAsync(content, cancel);
            Bytes += content.Length;
        }

        public async Task<string> CloseAsync()
        {
            await _content!.DisposeAsync();
            _content = null;
            return Convert.ToHexStringLower(_hash.GetHashAndReset());
        }

        public void Reset() => Bytes = 0;

        public void Dispose()
        {
            _content?.Dispose();
            _hash.Dispose();
            System.IO.File.Delete(File);
        }
    }
}
