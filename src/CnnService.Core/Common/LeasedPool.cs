namespace CnnService.Core.Common;

/// <summary>
/// A least-recently-used pool of objects with native memory that are costly to load; holders of a lease share them. When the pool is over
/// its bounds, the least recently used objects are evicted; an evicted object is released when its last lease ends, on that lease
/// holder's thread. Nothing is loaded or released under the pool's lock, so callers never wait for another key. Concurrent callers with
/// the same key share one load; failed loads are not kept. Thread safe. Owns the objects.
/// </summary>
/// <typeparam name="TKey">Equal keys stand for equal objects.</typeparam>
/// <typeparam name="T">Must be safe for use by several callers at once.</typeparam>
/// <param name="bounds">Capacity.</param>
/// <param name="release">Frees an object that is no longer in use; called once per object.</param>
/// <param name="sizeOf">Size of an object in bytes, measured once after loading; null: sizes are not counted.</param>
public sealed class LeasedPool<TKey, T>(LeasedPoolBounds bounds, Action<T> release, Func<T, long>? sizeOf = null) : IDisposable
    where TKey : notnull
    where T : class
{
    private readonly Lock _gate = new();

    // Guarded by _gate, as are the entries' fields.
    private readonly Dictionary<TKey, Entry> _entries = [];
    private long _uses;
    private bool _disposed;

    /// <summary>Leases the object, loading it if necessary; dispose the lease to return it.</summary>
    /// <param name="key">Identifies the object.</param>
    /// <param name="load">Runs on this caller's thread; concurrent callers with the same key wait for it and share its problem or
    /// exception.</param>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public Outcome<Lease> Acquire(TKey key, Func<Outcome<T>> load)
    {
        var entry = Join(key, load);
        try
        {
            return entry.Load().Match<Outcome<Lease>>(
                value =>
                {
                    RecordSize(entry, value);
                    return new Lease(this, entry, value);
                },
                problem =>
                {
                    EndLease(entry, keep: false);
                    return problem;
                });
        }
        catch
        {
            EndLease(entry, keep: false);
            throw;
        }
    }

    /// <summary>Leases the object for the duration of a call.</summary>
    /// <inheritdoc cref="Acquire"/>
    public Outcome<TResult> Use<TResult>(TKey key, Func<Outcome<T>> load, Func<T, Outcome<TResult>> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        return Acquire(key, load).Bind(lease =>
        {
            using (lease)
            {
                return use(lease.Value);
            }
        });
    }

    /// <summary>Size of the object of this key, bytes; 0 where it is not in the pool.</summary>
    public long BytesOf(TKey key)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(key)?.Bytes ?? 0;
        }
    }

    /// <summary>Evicts the objects of the matching keys; the next caller loads them again.</summary>
    public void Evict(Func<TKey, bool> isMeant)
    {
        ArgumentNullException.ThrowIfNull(isMeant);
        List<Entry> idle;
        lock (_gate)
        {
            idle = Remove(_entries.Values.Where(entry => isMeant(entry.Key)).ToList());
        }

        idle.ForEach(Release);
    }

    /// <summary>Releases the objects that are not leased; a leased one is released when its last lease ends.</summary>
    public void Dispose()
    {
        List<Entry> idle;
        lock (_gate)
        {
            _disposed = true;
            idle = Remove([.. _entries.Values]);
        }

        idle.ForEach(Release);
    }

    private Entry Join(TKey key, Func<Outcome<T>> load)
    {
        List<Entry> idle = [];
        Entry? entry;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_entries.TryGetValue(key, out entry))
            {
                _entries[key] = entry = new Entry(key, load);
                idle = EvictFor(entry);
            }

            entry.Users++;
            entry.LastUse = ++_uses;
        }

        idle.ForEach(Release);
        return entry;
    }

    /// <summary>Records the object's size once it is loaded, which may evict others.</summary>
    private void RecordSize(Entry entry, T loaded)
    {
        if (sizeOf is null || entry.IsSized)
        {
            return;
        }

        var bytes = sizeOf(loaded);
        List<Entry> idle;
        lock (_gate)
        {
            (entry.Bytes, entry.IsSized) = (bytes, true);
            idle = entry.IsEvicted ? [] : EvictFor(entry);
        }

        idle.ForEach(Release);
    }

    private void EndLease(Entry entry, bool keep)
    {
        bool isLast;
        lock (_gate)
        {
            if (!keep)
            {
                Remove([entry]);
            }

            isLast = --entry.Users == 0 && entry.IsEvicted;
        }

        if (isLast)
        {
            Release(entry);
        }
    }

    /// <summary>Called under the lock.</summary>
    /// <returns>The entries to release once the lock is left.</returns>
    private List<Entry> EvictFor(Entry newest)
    {
        var idle = new List<Entry>();
        while (_entries.Count > 1 && (_entries.Count > bounds.MaxCount || _entries.Values.Sum(entry => entry.Bytes) > bounds.MaxBytes))
        {
            idle.AddRange(Remove([_entries.Values.Where(entry => entry != newest).MinBy(entry => entry.LastUse)!]));
        }

        return idle;
    }

    /// <summary>Called under the lock; nobody can join the entries from then on.</summary>
    /// <returns>Those not in use: to be released once the lock is left.</returns>
    private List<Entry> Remove(List<Entry> entries)
    {
        foreach (var entry in entries.Where(entry => !entry.IsEvicted))
        {
            entry.IsEvicted = true;
            _entries.Remove(entry.Key);
        }

        return entries.FindAll(entry => entry.Users == 0);
    }

    private void Release(Entry entry)
    {
        if (entry.Loaded is { } loaded)
        {
            release(loaded);
        }
    }

    /// <summary>A lease of an object. Dispose it to return the object, which may be released from then on.</summary>
    public sealed class Lease : IDisposable
    {
        private readonly LeasedPool<TKey, T> _pool;
        private readonly Entry _entry;
        private int _ended;

        internal Lease(LeasedPool<TKey, T> pool, Entry entry, T value)
        {
            (_pool, _entry, Value) = (pool, entry, value);
        }

        public T Value { get; }

        public void Dispose() => End(keep: true);

        /// <summary>Returns an object that proved unusable, and evicts it.</summary>
        public void Discard() => End(keep: false);

        private void End(bool keep)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                _pool.EndLease(_entry, keep);
            }
        }
    }

    /// <summary>Guarded by the pool's lock, except its load and <see cref="IsSized"/>.</summary>
    internal sealed class Entry(TKey key, Func<Outcome<T>> load)
    {
        private readonly Lazy<Outcome<T>> _loading = new(load, LazyThreadSafetyMode.ExecutionAndPublication);
        private volatile bool _isSized;

        public TKey Key => key;

        /// <summary>Null where the object was not, or could not be, loaded.</summary>
        public T? Loaded => _loading is { IsValueCreated: true, Value.Succeeded: true } ? _loading.Value.Value : null;

        public int Users { get; set; }

        public long LastUse { get; set; }

        public long Bytes { get; set; }

        public bool IsSized
        {
            get => _isSized;
            set => _isSized = value;
        }

        public bool IsEvicted { get; set; }

        /// <summary>Runs on the first caller's thread; the others wait for it.</summary>
        public Outcome<T> Load() => _loading.Value;
    }
}
