using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Core.Tests.Interpretation;

/// <summary>Keeps everything.</summary>
internal sealed class MemoryImageCache : IImageCache
{
    public ConcurrentDictionary<string, byte[]> Kept { get; } = new();

    public bool TryGet(string key, [NotNullWhen(true)] out byte[]? bytes) => Kept.TryGetValue(key, out bytes);

    public void Put(string key, ReadOnlyMemory<byte> bytes) => Kept[key] = bytes.ToArray();
}
