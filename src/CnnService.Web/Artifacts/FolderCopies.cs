using System.Collections.Concurrent;
using System.Security.Cryptography;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Folders of the data directory as copies of what a store holds: they are packed when they are published, and brought where they are
/// needed. Without a store, keys are null and nothing is done: the folders are all there is. Thread safe.
/// </summary>
/// <param name="store">Null: the data directory holds the files themselves.</param>
/// <param name="root">The data directory.</param>
/// <param name="options">Bounds.</param>
/// <param name="clock">Tells which copies are old.</param>
internal sealed partial class FolderCopies(IArtifactStore? store, string root, ArtifactOptions options, TimeProvider clock)
{
    private const string Listing = ".json";
    private const int MaxListings = 16;
    private const int Stripes = 64;

    /// <summary>Time after its last use in which a copy is not deleted: somebody may be reading it.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(2);

    private readonly CopyRecords _records = new(root);
    private readonly ConcurrentDictionary<string, FileListing> _listings = new(StringComparer.Ordinal); // By key; a few.
    private readonly ConcurrentDictionary<string, string> _checked = new(StringComparer.Ordinal); // Folders whose files were looked at.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Whether the data directory holds copies only.</summary>
    public bool AreUsed => store is not null;

    /// <summary>
    /// Makes the files of a folder those that the store holds; at once where they are. Null keys are of folders that the store does not
    /// hold.
    /// </summary>
    /// <param name="folder">The folder, in the data directory.</param>
    /// <param name="key">The listing's key, from a row.</param>
    /// <param name="isWanted">Which files are needed, by path; null: all.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    public async Task EnsureAsync(string folder, string? key, Func<string, bool>? isWanted, CancellationToken cancel)
    {
        if (store is null || key is null || IsThere(folder, key))
        {
            return;
        }

        await InTurnAsync(
            folder,
            () => IsThere(folder, key) ? Task.CompletedTask : FetchAsync(folder, key, isWanted, cancel),
            cancel);
    }

    /// <summary>Brings one more file of a folder that was brought in part.</summary>
    public async Task EnsureFileAsync(string folder, string path, CancellationToken cancel)
    {
        if (store is null || File.Exists(Path.Combine(folder, path)) || _records.Read(folder) is not { } copy)
        {
            return;
        }

        var listing = await ListingAsync(copy.Key, cancel);
        if (listing.Find(path) is not { } file)
        {
            return;
        }

        // Without waiting for others: a page of thumbnails asks for many.
        await new FileFetcher(store, options.Concurrency).FetchAsync(folder, listing, [file], cancel);
        await InTurnAsync(
            folder,
            () =>
            {
                if (_records.Read(folder) is { } now && now.Key == copy.Key)
                {
                    _records.Write(folder, now with { Bytes = now.Bytes + file.Bytes }, clock.GetUtcNow());
                }

                return Task.CompletedTask;
            },
            cancel);
    }

    /// <summary>Whether a folder is a copy, rather than where its files were made.</summary>
    public bool IsCopy(string folder) => store is not null && _records.Read(folder) is not null;

    /// <summary>Whether all files of a folder are here, as far as is known.</summary>
    public bool IsWhole(string folder) => store is null ? Directory.Exists(folder) : _records.Read(folder) is { IsWhole: true };

    /// <summary>Puts a folder into the store; null without one. Its row is to name the key, which begins with the prefix.</summary>
    /// <param name="folder">A folder whose files do not change meanwhile.</param>
    /// <param name="prefix">What owns the objects, and nothing else does: with it they are deleted.</param>
    /// <param name="before">Key of what the store holds of the folder already; null: nothing.</param>
    /// <param name="isPart">Which files belong to it, by path; null: all.</param>
    /// <param name="cancel">Cancels the transfer.</param>
    public async Task<string?> UploadAsync(
        string folder, string prefix, string? before, Func<string, bool>? isPart, CancellationToken cancel)
    {
        if (store is null)
        {
            return null;
        }

        var known = before is null ? FileListing.Empty : await ListingAsync(before, cancel);
        var packer = new FilePacker(store, _records.Temporary);
        var listing = await packer.PackAsync(folder, prefix, known, isPart ?? (_ => true), cancel);
        var json = listing.ToJson();
        var key = $"{prefix}/{Convert.ToHexStringLower(SHA256.HashData(json))}{Listing}";
        var file = Path.Combine(_records.Temporary, $"{Guid.NewGuid():N}{DurableFile.TemporaryMark}list");
        try
        {
            await File.WriteAllBytesAsync(file, json, cancel);
            await store.PutAsync(key, file, cancel);
        }
        finally
        {
            File.Delete(file);
        }

        Remember(key, listing);
        return key;
    }

    /// <summary>Takes a folder for a copy that <see cref="UploadAsync"/> has put into the store; it may have been moved since.</summary>
    public void Adopt(string folder, string? key)
    {
        if (key is not null && _listings.TryGetValue(key, out var listing))
        {
            _records.Write(folder, new(key, listing.Bytes, IsWhole: true), listing, clock.GetUtcNow());
            _checked[folder] = key;
        }
    }

    /// <summary>The files of a copy may have been changed in place: it is compared by hashes when it is needed next.</summary>
    public void Invalidate(string folder)
    {
        if (store is not null)
        {
            _checked.TryRemove(folder, out _);
            _records.Delete(folder);
        }
    }

    /// <summary>What owns the objects of a listing.</summary>
    public static string PrefixOf(string key) => key[..key.LastIndexOf('/')];

    /// <summary>Keeps a folder from being deleted for its age while it is used; to be disposed.</summary>
    public IDisposable? Hold(string folder) => store is null ? null : _records.Hold(folder);

    private bool IsThere(string folder, string key)
    {
        if (_records.Read(folder) is not { IsWhole: true } copy || copy.Key != key || !_checked.TryGetValue(folder, out var seen)
            || seen != key)
        {
            return false;
        }

        _records.Touch(folder, clock.GetUtcNow());
        return true;
    }

    private async Task InTurnAsync(string folder, Func<Task> work, CancellationToken cancel)
    {
        var turn = _turns[(uint)folder.GetHashCode(StringComparison.Ordinal) % Stripes];
        await turn.WaitAsync(cancel);
        try
        {
            await work();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task FetchAsync(string folder, string key, Func<string, bool>? isWanted, CancellationToken cancel)
    {
        var listing = await ListingAsync(key, cancel);
        var record = _records.Read(folder);
        if (record?.Key != key)
        {
            var old = record is null ? null : _records.ReadListing(folder);
            _records.Delete(folder);
            await Task.Run(() => DeleteOther(folder, old ?? FileListing.Empty, listing, cancel), cancel);
        }

        var asked = isWanted is null ? listing.Files : listing.Files.Where(file => isWanted(file.Path));
        var missing = asked.Where(file => !IsPresent(folder, file)).ToList();
        if (missing.Count > 0)
        {
            Evict(folder, missing.Sum(file => file.Bytes));
            await new FileFetcher(store!, options.Concurrency).FetchAsync(folder, listing, missing, cancel);
        }

        var known = record?.Key == key ? record : null;
        var now = isWanted is null
            ? new CopyRecord(key, listing.Bytes, IsWhole: true)
            : new(key, (known?.Bytes ?? 0) + missing.Sum(file => file.Bytes), known is { IsWhole: true } && missing.Count == 0);
        if (known is null)
        {
            _records.Write(folder, now, listing, clock.GetUtcNow());
        }
        else if (now != known)
        {
            _records.Write(folder, now, clock.GetUtcNow());
        }

        if (isWanted is null)
        {
            _checked[folder] = key;
        }
    }

    /// <summary>Deletes the files that do not belong to a listing, or whose content is another.</summary>
    private static void DeleteOther(string folder, FileListing old, FileListing listing, CancellationToken cancel)
    {
        foreach (var path in Directory.Exists(folder) ? [.. FilePacker.PathsIn(folder)] : Array.Empty<string>())
        {
            cancel.ThrowIfCancellationRequested();
            var file = Path.Combine(folder, path);
            if (listing.Find(path) is not { } wanted || new FileInfo(file).Length != wanted.Bytes
                || (old.Find(path)?.Sha256 ?? FilePacker.HashOf(file)) != wanted.Sha256)
            {
                File.Delete(file);
            }
        }
    }

    private static bool IsPresent(string folder, PackedFile file) =>
        new FileInfo(Path.Combine(folder, file.Path)) is { Exists: true } found && found.Length == file.Bytes;

    private async Task<FileListing> ListingAsync(string key, CancellationToken cancel)
    {
        if (_listings.TryGetValue(key, out var known))
        {
            return known;
        }

        using var json = new MemoryStream();
        if (!await store!.GetAsync(key, 0, null, (from, over) => from.CopyToAsync(json, over), cancel))
        {
            throw new ArtifactsUnavailableException($"The store of artifacts lacks '{key}'.");
        }

        var listing = FileListing.Parse(json.ToArray());
        Remember(key, listing);
        return listing;
    }

    private void Remember(string key, FileListing listing)
    {
        if (_listings.Count >= MaxListings)
        {
            _listings.Clear();
        }

        _listings[key] = listing;
    }
}
