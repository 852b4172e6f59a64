using CnnService.Core.Models;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Keeps the networks used last in memory. One that falls off the shelf while it is lent lives on until it is given back.
/// Thread safe. Owns the networks.
/// </summary>
/// <param name="capacity">Networks kept, at least 1.</param>
internal sealed class NetworkShelf(int capacity) : IDisposable
{
    private readonly Lock _gate = new();

    /// <summary>Used last first. Guarded by the gate, as are the entries' fields.</summary>
    private readonly List<Entry> _entries = [];
    private bool _closed;

    /// <summary>Lends a model's network, loading it where it is not on the shelf; dispose the loan to give it back.</summary>
    internal Loan Borrow(LoadedModel model)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var key = new Key(model.Folder, model.WeightsHash);
            var entry = _entries.Find(candidate => candidate.Key == key) ?? new(key, LoadedNetwork.Load(model));
            _entries.Remove(entry);
            _entries.Insert(0, entry);
            entry.Loans++;
            Trim(capacity);
            return new(this, entry);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Trim(0);
        }
    }

    private void Trim(int most)
    {
        foreach (var fallen in _entries.Skip(most).ToList())
        {
            _entries.Remove(fallen);
            fallen.IsShelved = false;
            DisposeIfIdle(fallen);
        }
    }

    private void Return(Entry entry)
    {
        lock (_gate)
        {
            entry.Loans--;
            DisposeIfIdle(entry);
        }
    }

    private static void DisposeIfIdle(Entry entry)
    {
        if (entry is { Loans: 0, IsShelved: false })
        {
            entry.Network.Dispose();
        }
    }

    internal sealed class Loan(NetworkShelf shelf, Entry entry) : IDisposable
    {
        private Entry? _entry = entry;

        internal LoadedNetwork Network => _entry?.Network ?? throw new ObjectDisposedException(nameof(Loan));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _entry, null) is { } returned)
            {
                shelf.Return(returned);
            }
        }
    }

    internal sealed class Entry(Key key, LoadedNetwork network)
    {
        internal Key Key { get; } = key;

        internal LoadedNetwork Network { get; } = network;

        internal int Loans { get; set; }

        internal bool IsShelved { get; set; } = true;
    }

    internal readonly record struct Key(string Folder, string WeightsHash);
}
