using System.Collections.Concurrent;
using System.Text.Json;

namespace CnnService.Benchmarks.Mixed;

/// <summary>What came of each kind of use, and what went wrong. Thread safe.</summary>
internal sealed class MixedTally
{
    private const int ShownFaults = 20;

    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _faults = [];

    public bool IsSound => _faults.IsEmpty;

    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    public void Fault(string what) => _faults.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {what}");

    /// <summary>Repeats one kind of use until it is told to end; what it has begun then is brought to its end.</summary>
    /// <param name="what">Its name.</param>
    /// <param name="pause">Between two.</param>
    /// <param name="use">Gets the number of the use; throws if it does not go as it should.</param>
    /// <param name="ending">Tells the end.</param>
    public async Task RepeatAsync(string what, TimeSpan pause, Func<int, Task> use, CancellationToken ending)
    {
        for (var number = 1; !ending.IsCancellationRequested; number++)
        {
            try
            {
                await use(number);
                Count(what);
            }
            catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException or TaskCanceledException
                or KeyNotFoundException or JsonException or IOException)
            {
                Fault($"{what} {number}: {failure.Message}");
            }

            await Task.WhenAny(Task.Delay(pause, ending));
        }
    }

    public string Text() => string.Join(", ", InOrder().Select(pair => $"{pair.Key}: {pair.Value}").Append($"FAULTS: {_faults.Count}"));

    /// <summary>A line for each kind.</summary>
    public IEnumerable<string> Table() => InOrder().Select(pair => $"{pair.Key} | {pair.Value}");

    /// <summary>The first faults, a line each.</summary>
    public IEnumerable<string> Faults() => _faults.Take(ShownFaults).Append($"faults: {_faults.Count}");

    private IEnumerable<KeyValuePair<string, int>> InOrder() => _counts.OrderBy(pair => pair.Key, StringComparer.Ordinal);
}
