using CnnService.Core.Common;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// Keeps the sessions that were used last, each opened when it is first asked for. Thread safe: each is used by one caller at a time.
/// Dispose waits for what is under way.
/// </summary>
/// <param name="kept">Sessions kept at most.</param>
internal sealed class SessionShelf<TKey, TSession>(int kept) : IDisposable
    where TKey : IEquatable<TKey>
    where TSession : class, IDisposable
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly LinkedList<Place> _recent = []; // Newest first.
    private bool _disposed;

    public Outcome<TResult> Use<TResult>(TKey key, Func<Outcome<TSession>> open, Func<TSession, Outcome<TResult>> use)
    {
        // Null: others pushed the session out before this caller's turn came.
        Outcome<TResult>? result;
        do
        {
            result = Recent(key).Use(open, use);
        }
        while (result is null);
        return result;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var place in _recent)
            {
                place.Dispose();
            }

            _recent.Clear();
        }
    }

    private Place Recent(TKey key)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var place = _recent.FirstOrDefault(known => known.Key.Equals(key));
            if (place is not null)
            {
                _recent.Remove(place);
            }

            _recent.AddFirst(place ??= new Place(key));
            if (_recent.Count > kept)
            {
                var oldest = _recent.Last!.Value;
                _recent.RemoveLast();
                oldest.Dispose();
            }

            return place;
        }
    }

    private sealed class Place(TKey key) : IDisposable
    {
        private readonly Lock _turn = new();

        // Guarded by _turn.
        private TSession? _session;
        private bool _disposed;

        public TKey Key => key;

        public Outcome<TResult>? Use<TResult>(Func<Outcome<TSession>> open, Func<TSession, Outcome<TResult>> use)
        {
            lock (_turn)
            {
                if (_disposed)
                {
                    return null;
                }

                if (_session is null)
                {
                    var opened = open();
                    if (opened.Problem is { } problem)
                    {
                        return problem;
                    }

                    _session = opened.Value;
                }

                return use(_session);
            }
        }

        public void Dispose()
        {
            lock (_turn)
            {
                _disposed = true;
                _session?.Dispose();
            }
        }
    }
}
