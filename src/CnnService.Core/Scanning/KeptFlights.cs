using CnnService.Core.Common;
using CnnService.Core.Visualization;

namespace CnnService.Core.Scanning;

/// <summary>Costly results: one is computed at a time, callers who ask for the same are joined, the last ones are kept. Thread safe.</summary>
/// <param name="kept">Results in memory.</param>
internal sealed class KeptFlights<T>(int kept) : IDisposable
    where T : class
{
    private readonly SingleFlight<Outcome<T>> _flights = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _gate = new();
    private readonly List<(string Key, T Result)> _recent = []; // Guarded by _gate; the newest last.

    /// <param name="key">Equal keys stand for equal results.</param>
    /// <param name="compute">Asked where nothing is kept; the token is cancelled when nobody waits any more. A failure is not kept.</param>
    /// <param name="cancel">Ends this caller's waiting only.</param>
    public async Task<Outcome<T>> RunAsync(string key, Func<CancellationToken, Task<Outcome<T>>> compute, CancellationToken cancel) =>
        Recall(key) is { } known ? known : await _flights.RunAsync(key, token => ComputeAsync(key, compute, token), cancel);

    public void Dispose() => _one.Dispose();

    private async Task<Outcome<T>> ComputeAsync(string key, Func<CancellationToken, Task<Outcome<T>>> compute, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var result = Recall(key) is { } known ? known : await compute(cancel);
            if (result.Succeeded)
            {
                Remember(key, result.Value);
            }

            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    private T? Recall(string key)
    {
        lock (_gate)
        {
            return _recent.Find(recent => recent.Key == key).Result;
        }
    }

    private void Remember(string key, T result)
    {
        lock (_gate)
        {
            _recent.RemoveAll(recent => recent.Key == key);
            _recent.Add((key, result));
            if (_recent.Count > kept)
            {
                _recent.RemoveAt(0);
            }
        }
    }
}
