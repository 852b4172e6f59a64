using System.Collections.Concurrent;

namespace CnnService.Onnx.Serving;

/// <summary>Knows how long the runs in progress have taken so far. Thread safe.</summary>
internal sealed class RunWatch(TimeProvider time)
{
    private readonly ConcurrentDictionary<long, long> _begun = new();
    private long _last;

    /// <summary>Time since the oldest run in progress began; zero if there is none.</summary>
    public TimeSpan Longest => time.GetElapsedTime(_begun.Values.DefaultIfEmpty(time.GetTimestamp()).Min());

    /// <summary>Carries out a run.</summary>
    public void Run(Action run)
    {
        var id = Interlocked.Increment(ref _last);
        _begun[id] = time.GetTimestamp();
        try
        {
            run();
        }
        finally
        {
            _begun.TryRemove(id, out _);
        }
    }
}
