using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Interpretation;

/// <summary>
/// Keeps what is costly to draw. It may forget at any time, and never gives back other bytes than it was given. Thread safe.
/// </summary>
public interface IImageCache
{
    /// <param name="key">Lower-case hex.</param>
    /// <param name="bytes">What was put; the caller's to keep.</param>
    bool TryGet(string key, [NotNullWhen(true)] out byte[]? bytes);

    /// <param name="key">Lower-case hex; the same key always stands for the same bytes.</param>
    /// <param name="bytes">Copied.</param>
    void Put(string key, ReadOnlyMemory<byte> bytes);
}
