using CnnService.Core.Common;
using Microsoft.Win32.SafeHandles;

namespace CnnService.Web.Artifacts;

/// <summary>Brings files out of a store, each whole and checked, or not at all.</summary>
/// <param name="store">The store.</param>
/// <param name="concurrency">Most objects at once.</param>
internal sealed class FileFetcher(IArtifactStore store, int concurrency)
{
    private const int BufferBytes = 1 << 17;
    private const int MaxTries = 3;

    /// <summary>A gap in an object that is read over rather than asked around.</summary>
    private const long SmallGap = 1 << 20;

    private readonly string _mark = $"{DurableFile.TemporaryMark}{Guid.NewGuid():N}";

    /// <summary>Writes files of a listing to a folder.</summary>
    /// <exception cref="ArtifactsUnavailableException">The store does not give them, or gives other bytes than were put.</exception>
    public async Task FetchAsync(string folder, FileListing listing, IReadOnlyCollection<PackedFile> wanted, CancellationToken cancel)
    {
        foreach (var parent in wanted.Select(file => Path.GetDirectoryName(PathOf(folder, file))!).Distinct(StringComparer.Ordinal))
        {
            Directory.CreateDirectory(parent);
        }

        try
        {
            foreach (var empty in wanted.Where(file => file.Bytes == 0))
            {
                await File.WriteAllBytesAsync(PathOf(folder, empty) + _mark, [], cancel);
            }

            var stretches = wanted.SelectMany(listing.PartsOf).GroupBy(part => part.Key, StringComparer.Ordinal)
                .SelectMany(parts => Stretches([.. parts.OrderBy(part => part.Offset)]));
            await Parallel.ForEachAsync(
                stretches, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancel },
                (parts, one) => new(ReadAsync(folder, parts, one)));
            await Task.Run(() => Publish(folder, wanted, cancel), cancel);
        }
        finally
        {
            foreach (var file in wanted)
            {
                File.Delete(PathOf(folder, file) + _mark);
            }
        }
    }

    /// <summary>Parts of one object that are read with one request.</summary>
    private static IEnumerable<List<FilePart>> Stretches(FilePart[] parts)
    {
        List<FilePart> stretch = [];
        foreach (var part in parts)
        {
            if (stretch.Count > 0 && part.Offset - End(stretch) > SmallGap)
            {
                yield return stretch;
                stretch = [];
            }

            stretch.Add(part);
        }

        if (stretch.Count > 0)
        {
            yield return stretch;
        }
    }

    private static long End(List<FilePart> stretch) => stretch.Max(part => part.Offset + part.Bytes);

    private async Task ReadAsync(string folder, List<FilePart> parts, CancellationToken cancel)
    {
        var (key, offset, length) = (parts[0].Key, parts[0].Offset, End(parts) - parts[0].Offset);
        for (var tries = 1; ; tries++)
        {
            try
            {
                if (!await store.GetAsync(key, offset, length, (from, over) => SplitAsync(folder, parts, from, over), cancel))
                {
                    throw new ArtifactsUnavailableException($"The store of artifacts lacks '{key}'.");
                }

                return;
            }
            catch (ArtifactsUnavailableException) when (tries < MaxTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 << tries), cancel);
            }
        }
    }

    private async Task SplitAsync(string folder, List<FilePart> parts, Stream from, CancellationToken cancel)
    {
        var (buffer, at) = (new byte[BufferBytes], parts[0].Offset);
        foreach (var part in parts)
        {
            await ReadAsync(from, buffer, part.Offset - at, null, 0, cancel);
            using var target = File.OpenHandle(
                PathOf(folder, part.File) + _mark, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            await ReadAsync(from, buffer, part.Bytes, target, part.FileOffset, cancel);
            at = part.Offset + part.Bytes;
        }
    }

    private static async Task ReadAsync(
        Stream from, byte[] buffer, long bytes, SafeFileHandle? target, long offset, CancellationToken cancel)
    {
        while (bytes > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes)), cancel);
            if (read == 0)
            {
                throw new ArtifactsUnavailableException("The store of artifacts broke off.");
            }

            if (target is not null)
            {
                RandomAccess.Write(target, buffer.AsSpan(0, read), offset);
                offset += read;
            }

            bytes -= read;
        }
    }

    private void Publish(string folder, IReadOnlyCollection<PackedFile> wanted, CancellationToken cancel)
    {
        foreach (var file in wanted)
        {
            cancel.ThrowIfCancellationRequested();
            var path = PathOf(folder, file);
            if (FilePacker.HashOf(path + _mark) != file.Sha256)
            {
                throw new ArtifactsUnavailableException($"The store of artifacts holds other bytes than '{file.Path}' had.");
            }

            File.Move(path + _mark, path, overwrite: true);
        }
    }

    /// <summary>A listing comes from outside: its paths stay below the folder.</summary>
    private static string PathOf(string folder, PackedFile file)
    {
        var path = Path.GetFullPath(Path.Combine(folder, file.Path));
        return path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArtifactsUnavailableException($"A listing in the store of artifacts names '{file.Path}'.");
    }
}
