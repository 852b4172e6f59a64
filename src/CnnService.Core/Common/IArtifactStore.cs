namespace CnnService.Core.Common;

/// <summary>
/// Keeps objects that never change, under keys as of <see cref="ArtifactKey"/> that end in the hash of their content. Thread safe; the
/// number of requests at once is bounded.
/// </summary>
/// <exception cref="ArtifactsUnavailableException">Thrown by each method where the store does not answer or refuses.</exception>
public interface IArtifactStore
{
    /// <summary>Puts a file's content under a key; it is whole or absent afterwards. To put the same again changes nothing.</summary>
    Task PutAsync(string key, string file, CancellationToken cancel);

    /// <summary>Reads a part of an object; false, without reading, where there is no such object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">Number of bytes, at least 1; null: up to the end.</param>
    /// <param name="read">Reads the stream, which may end early where the store breaks off.</param>
    /// <param name="cancel">Cancels the request.</param>
    Task<bool> GetAsync(
        string key, long offset, long? length, Func<Stream, CancellationToken, Task> read, CancellationToken cancel);

    /// <summary>The objects whose keys begin so, in any order.</summary>
    IAsyncEnumerable<StoredArtifact> ListAsync(string prefix, CancellationToken cancel);

    /// <summary>Deletes all objects whose keys begin so; those that are put meanwhile may stay.</summary>
    Task DeleteAsync(string prefix, CancellationToken cancel);
}

/// <summary>An object in a store.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="WrittenAt">When it was put.</param>
public sealed record StoredArtifact(string Key, long Bytes, DateTimeOffset WrittenAt);
