using System.Diagnostics.CodeAnalysis;

namespace CnnService.Core.Common;

/// <summary>The values used last, bounded in bytes; the least recently used leave first. Not thread safe: its owner holds a lock.</summary>
/// <param name="maxBytes">Of all values together; a value larger than this is not kept.</param>
/// <param name="sizeOf">Bytes of a value.</param>
internal sealed class RecentValues<TKey, TValue>(long maxBytes, Func<TValue, long> sizeOf)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _byKey = [];
    private readonly LinkedList<Entry> _byUse = []; // The most recently used last.

    /// <summary>Of the values kept.</summary>
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

    /// <summary>Keeps the value in place of an older one with this key.</summary>
    public void Keep(TKey key, TValue value)
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
