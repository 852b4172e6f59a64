using CnnService.Core.Common;

namespace CnnService.Onnx.Serving;

/// <summary>
/// The networks used last, each opened when it is first needed and used by one caller at a time. Owns them; one that is pushed out is
/// disposed when its user has finished. Thread safe.
/// </summary>
/// <typeparam name="T">Holds native memory.</typeparam>
/// <param name="most">Kept at most.</param>
internal sealed class RecentNetworks<T>(int most) : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly LinkedList<Entry> _recent = []; // Newest first.
    private bool _disposed;

    /// <summary>Runs something on a network. One that could not be opened is tried again by the next caller.</summary>
    /// <param name="key">Says which network it is.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="use">Gets it for itself.</param>
    public Outcome<TResult> Use<TResult>(string key, Func<Outcome<T>> open, Func<T, Outcome<TResult>> use)
    {
        // Null: others pushed the network out before this caller's turn came.
        Outcome<TResult>? result;
        do
        {
            result = Recent(key).Use(open, use);
        }
        while (result is null);
        return result;
    }

    /// <summary>Disposes the networks whose keys are so; waits for their users.</summary>
    public void Drop(Func<string, bool> isMeant)
    {
        lock (_gate)
        {
            foreach (var entry in _recent.Where(entry => isMeant(entry.Key)).ToArray())
            {
                _recent.Remove(entry);
                entry.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_recent.First is { } node)
            {
                _recent.RemoveFirst();
                node.Value.Dispose();
            }
        }
    }

    private Entry Recent(string key)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var entry = _recent.FirstOrDefault(kept => kept.Key == key);
            if (entry is not null)
            {
                _recent.Remove(entry);
            }

            _recent.AddFirst(entry ??= new Entry(key));
            if (_recent.Count > most)
            {
                var oldest = _recent.Last!.Value;
                _recent.RemoveLast();
                oldest.Dispose();
            }

            return entry;
        }
    }

    private sealed class Entry(string key) : IDisposable
    {
        private readonly Lock _gate = new();

        // Guarded by _gate.
        private T? _network;
        private bool _disposed;

        public string Key => key;

        public Outcome<TResult>? Use<TResult>(Func<Outcome<T>> open, Func<T, Outcome<TResult>> use)
        {
            lock (_gate)
            {
                return _disposed ? null : Open(open).Bind(use);
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _disposed = true;
                _network?.Dispose();
            }
        }

        private Outcome<T> Open(Func<Outcome<T>> open)
        {
            if (_network is not null)
            {
                return _network;
            }

            var opened = open();
            _network = opened.Succeeded ? opened.Value : null;
            return opened;
        }
    }
}
