using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>
/// Caches images that are expensive to render. Entries may disappear at any time; the bytes returned are always those that were stored.
/// Thread safe.
/// </summary>
public interface IImageCache
{
    /// <param name="key">Lower-case hex.</param>
    /// <param name="bytes">The stored bytes, owned by the caller.</param>
    bool TryGet(string key, [NotNullWhen(true)] out byte[]? bytes);

    /// <param name="key">Lower-case hex; a key always stands for the same bytes.</param>
    /// <param name="bytes">The bytes to store; copied.</param>
    void Put(string key, ReadOnlyMemory<byte> bytes);
}
