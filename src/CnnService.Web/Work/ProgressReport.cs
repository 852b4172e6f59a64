using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Takes the progress of a computation: passes the lease's gate each time, and writes what was reported, at most every half second and
/// without holding the computation up. Thread safe.
/// </summary>
/// <param name="gate">Of the lease.</param>
/// <param name="write">Writes a value to the row.</param>
/// <param name="clock">Monotonic time.</param>
/// <param name="cancel">Ends the computation.</param>
internal sealed class ProgressReport<T>(LeaseGate gate, Func<T, Task> write, TimeProvider clock, CancellationToken cancel) : IProgress<T>
    where T : struct
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly Lock _guard = new();
    private Task _writing = Task.CompletedTask;
    private long? _written;
    private T? _last;

    /// <exception cref="OperationCanceledException">The computation is to end.</exception>
    public void Report(T value)
    {
        gate.Pass(cancel);
        lock (_guard)
        {
            _last = value;
            if (_writing.IsCompleted && (_written is not { } last || clock.GetElapsedTime(last) >= Pause))
            {
                _written = clock.GetTimestamp();
                _writing = WriteAsync(value);
            }
        }
    }

    /// <summary>Writes what was reported last; called when nothing more is reported.</summary>
    public async Task FlushAsync()
    {
        await _writing;
        if (_last is { } value)
        {
            await WriteAsync(value);
        }
    }

    private async Task WriteAsync(T value)
    {
        try
        {
            await write(value);
        }
        catch (StoreUnavailableException)
        {
            // A newer value is written in half a second; progress is nothing to wait for.
        }
    }
}
