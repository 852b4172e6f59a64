namespace CnnService.Core.Common;

/// <summary>
/// Objects with native memory that are costly to load, the ones used last, shared by whoever holds a lease. The least recently used leave
/// when there are too many; one that leaves is released when its last lease ends, by that lease's holder. Nothing is loaded or released
/// under the pool's lock, so that no caller waits for another key. Callers who ask for one key at the same time share one loading; what
/// could not be loaded is not kept. Thread safe. Owns the objects.
/// </summary>
/// <typeparam name="TKey">Equal keys stand for equal objects.</typeparam>
/// <typeparam name="T">Used by several callers at once.</typeparam>
/// <param name="bounds">How much is kept.</param>
/// <param name="release">Frees an object that nobody uses; called once for each.</param>
/// <param name="sizeOf">Bytes of an object, asked once it is loaded; null: none.</param>
public sealed class LeasedPool<TKey, T>(LeasedPoolBounds bounds, Action<T> release, Func<T, long>? sizeOf = null) : IDisposable
    where TKey : notnull
    where T : class
{
    private readonly Lock _gate = new();

    // Guarded by _gate, as are the entries' fields.
    private readonly Dictionary<TKey, Entry> _kept = [];
    private long _uses;
    private bool _disposed;

    /// <summary>The object, loaded where it is not kept; dispose the lease to give it back.</summary>
    /// <param name="key">Of the object.</param>
    /// <param name="load">Runs on this caller's thread; callers who come meanwhile wait for it, and get its problem or exception too.</param>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public Outcome<Lease> Acquire(TKey key, Func<Outcome<T>> load)
    {
        var entry = Join(key, load);
        try
        {
            var loaded = entry.Load();
            if (loaded.Problem is { } problem)
            {
                Leave(entry, keep: false);
                return problem;
            }

            Weigh(entry, loaded.Value);
            return new Lease(this, entry, loaded.Value);
        }
        catch
        {
            Leave(entry, keep: false);
            throw;
        }
    }

    /// <summary>Uses the object and gives it back.</summary>
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

    /// <summary>Bytes of the object of this key; 0 where it is not kept.</summary>
    public long BytesOf(TKey key)
    {
        lock (_gate)
        {
            return _kept.GetValueOrDefault(key)?.Bytes ?? 0;
        }
    }

    /// <summary>Keeps the objects of these keys no longer; whoever asks next loads anew.</summary>
    public void Evict(Func<TKey, bool> isMeant)
    {
        ArgumentNullException.ThrowIfNull(isMeant);
        List<Entry> idle;
        lock (_gate)
        {
            idle = Remove(_kept.Values.Where(entry => isMeant(entry.Key)).ToList());
        }

        idle.ForEach(Release);
    }

    /// <summary>Releases what is not leased; what is leased is released when its last lease ends.</summary>
    public void Dispose()
    {
        List<Entry> idle;
        lock (_gate)
        {
            _disposed = true;
            idle = Remove([.. _kept.Values]);
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
            if (!_kept.TryGetValue(key, out entry))
            {
                _kept[key] = entry = new Entry(key, load);
                idle = MakeRoomFor(entry);
            }

            entry.Users++;
            entry.LastUse = ++_uses;
        }

        idle.ForEach(Release);
        return entry;
    }

    /// <summary>Once its size can be known, others may have to go.</summary>
    private void Weigh(Entry entry, T loaded)
    {
        if (sizeOf is null || entry.IsWeighed)
        {
            return;
        }

        var bytes = sizeOf(loaded);
        List<Entry> idle;
        lock (_gate)
        {
            (entry.Bytes, entry.IsWeighed) = (bytes, true);
            idle = entry.IsEvicted ? [] : MakeRoomFor(entry);
        }

        idle.ForEach(Release);
    }

    private void Leave(Entry entry, bool keep)
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

    /// <summary>Under the lock.</summary>
    /// <returns>Those to be released once the lock is left.</returns>
    private List<Entry> MakeRoomFor(Entry newest)
    {
        var idle = new List<Entry>();
        while (_kept.Count > 1 && (_kept.Count > bounds.MaxCount || _kept.Values.Sum(entry => entry.Bytes) > bounds.MaxBytes))
        {
            idle.AddRange(Remove([_kept.Values.Where(entry => entry != newest).MinBy(entry => entry.LastUse)!]));
        }

        return idle;
    }

    /// <summary>Under the lock; nobody joins them from then on.</summary>
    /// <returns>Those that nobody uses: to be released once the lock is left.</returns>
    private List<Entry> Remove(List<Entry> entries)
    {
        foreach (var entry in entries.Where(entry => !entry.IsEvicted))
        {
            entry.IsEvicted = true;
            _kept.Remove(entry.Key);
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

    /// <summary>The use of an object. Dispose it to give the object back; from then on the object may be gone.</summary>
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

        /// <summary>Gives back an object that turned out to be of no use: it is kept no longer.</summary>
        public void Discard() => End(keep: false);

        private void End(bool keep)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                _pool.Leave(_entry, keep);
            }
        }
    }

    /// <summary>Guarded by the pool's lock, but for its loading and <see cref="IsWeighed"/>.</summary>
    internal sealed class Entry(TKey key, Func<Outcome<T>> load)
    {
        private readonly Lazy<Outcome<T>> _loading = new(load, LazyThreadSafetyMode.ExecutionAndPublication);
        private volatile bool _isWeighed;

        public TKey Key => key;

        /// <summary>Null where it was not, or could not be, loaded.</summary>
        public T? Loaded => _loading is { IsValueCreated: true, Value.Succeeded: true } ? _loading.Value.Value : null;

        public int Users { get; set; }

        public long LastUse { get; set; }

        public long Bytes { get; set; }

        public bool IsWeighed
        {
            get => _isWeighed;
            set => _isWeighed = value;
        }

        public bool IsEvicted { get; set; }

        /// <summary>By the first who asks; the others wait for him.</summary>
        public Outcome<T> Load() => _loading.Value;
    }
}
