using System.Runtime.CompilerServices;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>Objects as files of a folder, their keys as paths below it.</summary>
internal sealed class FolderStore(string root, int concurrency) : IArtifactStore, IDisposable
{
    private readonly SemaphoreSlim _free = new(concurrency);

    public Task PutAsync(string key, string file, CancellationToken cancel) => UseAsync(
        async () =>
        {
            var path = PathOf(key);
            if (File.Exists(path))
            {
                return true;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var source = RegularFile.OpenRead(file);
            await DurableFile.WriteAsync(path, target => source.CopyToAsync(target, cancel), Guid.NewGuid().ToString("N"));
            return true;
        },
        cancel);

    public Task<bool> GetAsync(
        string key, long offset, long? length, Func<Stream, CancellationToken, Task> read, CancellationToken cancel) => UseAsync(
        async () =>
        {
            if (!File.Exists(PathOf(key)))
            {
                return false;
            }

            await using var source = RegularFile.OpenRead(PathOf(key));
            source.Position = offset;
            await read(source, cancel); // Which takes no more than it asked for.
            return true;
        },
        cancel);

    public async IAsyncEnumerable<StoredArtifact> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var file in await UseAsync(() => Task.FromResult(Files(prefix)), cancel))
        {
            yield return new(KeyOf(file.FullName), file.Length, file.LastWriteTimeUtc);
        }
    }

    public Task DeleteAsync(string prefix, CancellationToken cancel) => UseAsync(
        () =>
        {
            foreach (var file in Files(prefix))
            {
                file.Delete();
                DeleteEmpty(file.Directory!);
            }

            return Task.FromResult(true);
        },
        cancel);

    public void Dispose() => _free.Dispose();

    /// <summary>Those below the longest folder that the prefix names.</summary>
    private FileInfo[] Files(string prefix)
    {
        var folder = new DirectoryInfo(Path.Combine(root, ArtifactKey.Require(prefix)[..(prefix.LastIndexOf('/') + 1)]));
        return !folder.Exists ? [] : [.. folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => KeyOf(file.FullName).StartsWith(prefix, StringComparison.Ordinal)
                && !file.Name.Contains(DurableFile.TemporaryMark, StringComparison.Ordinal))];
    }

    private void DeleteEmpty(DirectoryInfo? folder)
    {
        for (; folder is not null && folder.FullName.Length > Path.GetFullPath(root).Length; folder = folder.Parent)
        {
            try
            {
                folder.Delete();
            }
            catch (IOException)
            {
                return; // Not empty, or gone.
            }
        }
    }

    private string PathOf(string key) => Path.Combine(root, ArtifactKey.Require(key));

    private string KeyOf(string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private async Task<T> UseAsync<T>(Func<Task<T>> use, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            return await use();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException && !IsFull(failure))
        {
            throw failure as ArtifactsUnavailableException
                ?? new ArtifactsUnavailableException($"The folder of artifacts cannot be used ({failure.GetType().Name}).", failure);
        }
        finally
        {
            _free.Release();
        }
    }

    private static bool IsFull(Exception failure) => failure is IOException full && full.IsDiskFull();
}
