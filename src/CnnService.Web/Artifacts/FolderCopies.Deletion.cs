namespace CnnService.Web.Artifacts;

/// <content>What goes: with its owner, or because nobody has used it for long.</content>
internal sealed partial class FolderCopies
{
    /// <summary>Deletes all that the store holds of what a key belongs to, and what is known of the copy. The folder is left.</summary>
    public async Task ForgetAsync(string folder, string? key, CancellationToken cancel)
    {
        if (store is not null)
        {
            Invalidate(folder);
            if (key is not null)
            {
                await DropAsync(key, cancel);
            }
        }
    }

    /// <summary>Whether a folder lacks files of a listing: what the store holds of them is to go too.</summary>
    public async Task<bool> LacksSomeAsync(string folder, string key, CancellationToken cancel) =>
        (await ListingAsync(key, cancel)).Files.Any(file => !File.Exists(Path.Combine(folder, file.Path)));

    /// <summary>Deletes what the store holds of a key, and of all others that begin so up to their last slash.</summary>
    public Task DropAsync(string key, CancellationToken cancel) => store?.DeleteAsync(PrefixOf(key) + "/", cancel) ?? Task.CompletedTask;

    /// <summary>Deletes the objects of an owner that a listing does not name.</summary>
    /// <param name="key">The listing's key.</param>
    /// <param name="owner">What the keys of its objects, and of those that it replaces, begin with.</param>
    /// <param name="cancel">Cancels the deletion; what is left goes another time.</param>
    public async Task DropOthersAsync(string key, string owner, CancellationToken cancel)
    {
        if (store is null)
        {
            return;
        }

        var named = (await ListingAsync(key, cancel)).Objects.Select(part => part.Key).Append(key).ToHashSet(StringComparer.Ordinal);
        var others = new List<string>();
        await foreach (var found in store.ListAsync(owner, cancel))
        {
            if (!named.Contains(found.Key))
            {
                others.Add(found.Key);
            }
        }

        foreach (var other in others)
        {
            await store.DeleteAsync(other, cancel);
        }
    }

    /// <summary>Deletes the copies that were unused for longest, until there is room for another.</summary>
    private void Evict(string wanted, long bytes)
    {
        var copies = _records.ByUse();
        var before = clock.GetUtcNow() - Recent;
        var total = copies.Sum(copy => copy.Record.Bytes) + bytes;
        foreach (var (folder, record, _) in copies.Where(copy => copy.Folder != wanted && copy.UsedAt < before))
        {
            if (total <= options.MaxCacheBytes)
            {
                return;
            }

            if (_records.TryTake(folder) is { } taken)
            {
                using (taken)
                {
                    _checked.TryRemove(folder, out _);
                    _records.Delete(folder);
                    if (Directory.Exists(folder))
                    {
                        Directory.Delete(folder, recursive: true);
                    }
                }

                total -= record.Bytes;
            }
        }
    }
}
