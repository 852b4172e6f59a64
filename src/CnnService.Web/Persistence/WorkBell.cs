namespace CnnService.Web.Persistence;

/// <summary>Wakes a worker that looks for waiting work, before its time if the database tells of some. Thread safe.</summary>
internal sealed class WorkBell(TimeProvider clock)
{
    /// <summary>Of what is told in quick succession, one look takes all.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private TaskCompletionSource _rung = New(); // Guarded by _gate.

    public void Ring()
    {
        lock (_gate)
        {
            _rung.TrySetResult();
        }
    }

    /// <summary>Returns once it was rung since the last return, or after the longest time; not at once in either case.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancel)
    {
        await Task.WhenAny(Task.WhenAll(Rung().Task, Task.Delay(Least, clock, cancel)), Task.Delay(longest, clock, cancel));
        cancel.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _rung = _rung.Task.IsCompleted ? New() : _rung;
        }
    }

    private TaskCompletionSource Rung()
    {
        lock (_gate)
        {
            return _rung;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
