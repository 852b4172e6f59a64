using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Writes progress to the row, at most every half second; hears there that the job is cancelled, deleted or another's.</summary>
internal sealed class ClassifyProgress(ClassifyJobClaim claim, TimeProvider clock) : IProgress<int>, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly CancellationTokenSource _gone = new();
    private (long At, int Done)? _first;
    private long _told;
    private int _done;

    public CancellationToken Gone => _gone.Token;

    /// <param name="value">Pictures whose scores are kept; the first time, those of former attempts.</param>
    public void Report(int value)
    {
        _done = value;
        if (_first is null)
        {
            _first = (clock.GetTimestamp(), value);
            Flush();
        }
        else if (clock.GetElapsedTime(_told) >= Pause)
        {
            Flush();
        }
    }

    /// <summary>Writes what was reported last.</summary>
    public void Flush()
    {
        if (_first is not { } first)
        {
            return;
        }

        _told = clock.GetTimestamp();
        var seconds = clock.GetElapsedTime(first.At, _told).TotalSeconds;
        double? rate = _done > first.Done && seconds > 0 ? (_done - first.Done) / seconds : null;
        if (!claim.ProgressAsync(_done, rate).GetAwaiter().GetResult()) // On the computing thread, which may block.
        {
            _gone.Cancel();
        }
    }

    public void Dispose() => _gone.Dispose();
}
