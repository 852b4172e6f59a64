using System.Security.Cryptography;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <content>To another store, or to a folder that is to hold the files themselves.</content>
internal sealed partial class FolderCopies
{
    private IArtifactStore Objects => store ?? throw new InvalidOperationException("There is no store.");

    /// <summary>The store, in words; null where there is none.</summary>
    public string? Place => store is null ? null
        : options.Store == ArtifactStoreKind.S3
            ? $"the bucket '{options.S3.Bucket}' at {options.S3.Endpoint}"
                + (options.S3.Prefix.Length == 0 ? string.Empty : $" below '{options.S3.Prefix}'")
            : $"the folder '{Path.GetFullPath(options.Folder)}'";

    /// <summary>The key of some object; null where the store holds none, or there is no store.</summary>
    public async Task<string?> FindAnyAsync(CancellationToken cancel)
    {
        foreach (var owner in ObjectKeys.Owners.Where(_ => AreUsed))
        {
            await foreach (var found in Objects.ListAsync(owner, cancel))
            {
                return found.Key;
            }
        }

        return null;
    }

    /// <summary>Puts an object into the store, reads it again, and deletes it.</summary>
    /// <exception cref="ArtifactsUnavailableException">It does not answer, or refuses one of these.</exception>
    public async Task ProbeAsync(CancellationToken cancel)
    {
        var (trial, content, file) = (ObjectKeys.NewTrial(), Guid.NewGuid().ToByteArray(), Path.GetTempFileName());
        var key = trial + Convert.ToHexStringLower(SHA256.HashData(content));
        try
        {
            await File.WriteAllBytesAsync(file, content, cancel);
            await Objects.PutAsync(key, file, cancel);
        }
        finally
        {
            File.Delete(file);
        }

        using var read = new MemoryStream();
        var isThere = await Objects.GetAsync(key, 0, null, (stream, end) => stream.CopyToAsync(read, end), cancel);
        await Objects.DeleteAsync(trial, cancel);
        if (!isThere || !read.ToArray().AsSpan().SequenceEqual(content))
        {
            throw new ArtifactsUnavailableException("What was put there a moment ago is not what it gives.");
        }
    }

    /// <summary>Makes a folder, which is not taken for a copy, hold the files of a listing and no others.</summary>
    /// <returns>The listing.</returns>
    public async Task<FileListing> ExtractAsync(string key, string folder, CancellationToken cancel)
    {
        var listing = await ListingAsync(key, cancel);
        Directory.CreateDirectory(folder);
        await Task.Run(() => DeleteOther(folder, FileListing.Empty, listing, cancel), cancel);
        var missing = listing.Files.Where(file => !IsPresent(folder, file)).ToList();
        await new FileFetcher(Objects, options.Concurrency).FetchAsync(folder, listing, missing, cancel);
        return listing;
    }

    /// <summary>Puts the objects of a listing, and then it, into another store under the same keys, but for those that are there.</summary>
    /// <returns>The listing.</returns>
    public async Task<FileListing> CopyAsync(string key, FolderCopies target, CancellationToken cancel)
    {
        var listing = await ListingAsync(key, cancel);
        var there = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var found in target.Objects.ListAsync(PrefixOf(key) + "/", cancel))
        {
            there[found.Key] = found.Bytes;
        }

        await Parallel.ForEachAsync(
            listing.Objects.Where(part => !there.TryGetValue(part.Key, out var bytes) || bytes != part.Bytes),
            new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancel },
            (part, one) => new(CopyObjectAsync(part.Key, target, one)));
        await CopyObjectAsync(key, target, cancel);
        return listing;
    }

    /// <summary>The key of a listing that an earlier upload has put below a prefix; null where there is none.</summary>
    public async Task<string?> FindListingAsync(string prefix, CancellationToken cancel)
    {
        await foreach (var found in Objects.ListAsync(prefix + "/", cancel))
        {
            if (found.Key.EndsWith(Listing, StringComparison.Ordinal))
            {
                return found.Key;
            }
        }

        return null;
    }

    /// <summary>Number and bytes of the files that <see cref="UploadAsync"/> has just put.</summary>
    public (int Files, long Bytes) SizeOf(string key) =>
        _listings.TryGetValue(key, out var listing) ? (listing.Files.Count, listing.Bytes) : default;

    private async Task CopyObjectAsync(string key, FolderCopies target, CancellationToken cancel)
    {
        Directory.CreateDirectory(target._records.Temporary);
        var file = Path.Combine(target._records.Temporary, $"{Guid.NewGuid():N}{DurableFile.TemporaryMark}copy");
        try
        {
            if (!await Objects.GetAsync(key, 0, null, (from, over) => WriteAsync(from, file, over), cancel))
            {
                throw new ArtifactsUnavailableException($"The store of artifacts lacks '{key}'.");
            }

            if (FilePacker.HashOf(file) != Path.GetFileNameWithoutExtension(key))
            {
                throw new ArtifactsUnavailableException($"The store of artifacts holds other bytes than were put under '{key}'.");
            }

            await target.Objects.PutAsync(key, file, cancel);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task WriteAsync(Stream from, string file, CancellationToken cancel)
    {
        await using var to = File.Create(file);
        await from.CopyToAsync(to, cancel);
    }
}
