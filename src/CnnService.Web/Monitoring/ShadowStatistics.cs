using CnnService.Web.Persistence;

namespace CnnService.Web.Monitoring;

/// <summary>Shadow results counted since the last flush. Thread safe.</summary>
internal sealed class ShadowStatistics
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private Dictionary<(string Model, DateTimeOffset Since), Counts> _counts = [];

    public void Answered(ShadowRow shadow, ShadowCountRow one)
    {
        lock (_gate)
        {
            Of(shadow).Add(one);
        }
    }

    public void Dropped(ShadowRow shadow)
    {
        lock (_gate)
        {
            Of(shadow).Dropped++;
        }
    }

    public void Failed(ShadowRow shadow)
    {
        lock (_gate)
        {
            Of(shadow).Failed++;
        }
    }

    /// <summary>Stores the counts; those that cannot be stored are kept for the next flush.</summary>
    public async Task FlushAsync(ShadowStore store)
    {
        Dictionary<(string Model, DateTimeOffset Since), Counts> taken;
        lock (_gate)
        {
            (taken, _counts) = (_counts, []);
        }

        while (taken.Count > 0)
        {
            var (key, counts) = taken.First();
            try
            {
                await store.AddAsync(key.Model, key.Since, counts.Dropped, counts.Failed, counts.Rows);
                taken.Remove(key);
            }
            catch
            {
                Restore(taken);
                throw;
            }
        }
    }

    private void Restore(Dictionary<(string Model, DateTimeOffset Since), Counts> taken)
    {
        lock (_gate)
        {
            foreach (var (key, counts) in taken)
            {
                var mine = _counts.TryGetValue(key, out var known) ? known : _counts[key] = new();
                mine.Dropped += counts.Dropped;
                mine.Failed += counts.Failed;
                foreach (var row in counts.Rows)
                {
                    mine.Add(row);
                }
            }
        }
    }

    private Counts Of(ShadowRow shadow)
    {
        var key = (shadow.Model, shadow.Since);
        return _counts.TryGetValue(key, out var known) ? known : _counts[key] = new();
    }

    private sealed class Counts
    {
        private readonly Dictionary<(int Served, int Candidate, string ServedClass, string CandidateClass), ShadowCountRow> _rows = [];

        public long Dropped { get; set; }

        public long Failed { get; set; }

        public IReadOnlyList<ShadowCountRow> Rows => [.. _rows.Values];

        public void Add(ShadowCountRow one)
        {
            var key = (one.Served, one.Candidate, one.ServedClass, one.CandidateClass);
            if (!_rows.TryAdd(key, one))
            {
                _rows[key].Count += one.Count;
                _rows[key].Difference += one.Difference;
            }
        }
    }
}
