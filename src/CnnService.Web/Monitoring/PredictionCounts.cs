using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Monitoring;

/// <summary>Predictions counted since the last flush. Thread safe.</summary>
internal sealed class PredictionCounts
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private Dictionary<string, Counts> _counts = [];

    /// <param name="image">Its class and confidence are counted.</param>
    /// <param name="now">Determines the hour.</param>
    public void Answered(ObservedImage image, DateTimeOffset now)
    {
        var hour = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 3600 * 3600);
        var tenth = PredictionProfile.Bin(image.Probabilities[image.Best]);
        lock (_gate)
        {
            var predictions = Of(image.Model.Name).Predictions;
            var key = (image.Model.Version, hour, image.Label, tenth);
            predictions[key] = predictions.GetValueOrDefault(key) + 1;
        }
    }

    public void Dropped(string model)
    {
        lock (_gate)
        {
            Of(model).Dropped++;
        }
    }

    /// <summary>Stores the counts; those that cannot be stored are kept for the next flush.</summary>
    public async Task FlushAsync(CaptureStore store)
    {
        Dictionary<string, Counts> taken;
        lock (_gate)
        {
            (taken, _counts) = (_counts, []);
        }

        while (taken.Count > 0)
        {
            var (model, counts) = taken.First();
            try
            {
                await store.CountAsync(model, counts.Dropped, counts.Rows(model));
                taken.Remove(model);
            }
            catch
            {
                Restore(taken);
                throw;
            }
        }
    }

    private void Restore(Dictionary<string, Counts> taken)
    {
        lock (_gate)
        {
            foreach (var (model, counts) in taken)
            {
                var mine = Of(model);
                mine.Dropped += counts.Dropped;
                foreach (var (key, count) in counts.Predictions)
                {
                    mine.Predictions[key] = mine.Predictions.GetValueOrDefault(key) + count;
                }
            }
        }
    }

    private Counts Of(string model) => _counts.TryGetValue(model, out var known) ? known : _counts[model] = new();

    private sealed class Counts
    {
        public Dictionary<(int Version, DateTimeOffset Hour, string Label, int Tenth), long> Predictions { get; } = [];

        public long Dropped { get; set; }

        public IReadOnlyList<ServedCountRow> Rows(string model) =>
        [
            .. Predictions.Select(one => new ServedCountRow
            {
                Model = model,
                Version = one.Key.Version,
                Hour = one.Key.Hour,
                Label = one.Key.Label,
                Tenth = one.Key.Tenth,
                Count = one.Value,
            }),
        ];
    }
}
