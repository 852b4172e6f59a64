using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Common;

/// <summary>A least-recently-used cache bounded in bytes. Not thread safe: its owner holds a lock.</summary>
/// <param name="maxBytes">Capacity; a single larger value is not stored.</param>
/// <param name="sizeOf">Size of a value in bytes.</param>
internal sealed class LruCache<TKey, TValue>(long maxBytes, Func<TValue, long> sizeOf)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _byKey = [];
    private readonly LinkedList<Entry> _byUse = []; // The most recently used last.

    /// <summary>Total size of the stored values.</summary>
    public long Bytes { get; private set; }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_byKey.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        _byUse.Remove(node);
        _byUse.AddLast(node);
        value = node.Value.Value;
        return true;
    }

    /// <summary>Stores the value, replacing an older one of the same key.</summary>
    public void Set(TKey key, TValue value)
    {
        Remove(key);
        var entry = new Entry(key, value, sizeOf(value));
        if (entry.Bytes > maxBytes)
        {
            return;
        }

        _byKey[key] = _byUse.AddLast(entry);
        Bytes += entry.Bytes;
        while (Bytes > maxBytes)
        {
            Remove(_byUse.First!.Value.Key);
        }
    }

    public void Remove(TKey key)
    {
        if (_byKey.Remove(key, out var node))
        {
            _byUse.Remove(node);
            Bytes -= node.Value.Bytes;
        }
    }

    private readonly record struct Entry(TKey Key, TValue Value, long Bytes);
}
