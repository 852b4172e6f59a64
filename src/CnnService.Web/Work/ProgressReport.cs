using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Reports progress of a computation. Each report passes the lease's gate; values are stored at most every half second, without delaying
/// the computation. Thread safe.
/// </summary>
/// <param name="gate">The gate of the lease.</param>
/// <param name="write">Stores a value in the row.</param>
/// <param name="clock">Provides monotonic timestamps.</param>
/// <param name="cancel">Cancelled when the computation should stop.</param>
internal sealed class ProgressReport<T>(LeaseGate gate, Func<T, Task> write, TimeProvider clock, CancellationToken cancel) : IProgress<T>
    where T : struct
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(0.5);

    private readonly Lock _guard = new();
    private Task _writing = Task.CompletedTask;
    private long? _written;
    private T? _last;

    /// <exception cref="OperationCanceledException">The computation was cancelled while the lease was not held.</exception>
    public void Report(T value)
    {
        gate.Pass(cancel);
        lock (_guard)
        {
            _last = value;
            if (_writing.IsCompleted && (_written is not { } last || clock.GetElapsedTime(last) >= WriteInterval))
            {
                _written = clock.GetTimestamp();
                _writing = WriteAsync(value);
            }
        }
    }

    /// <summary>Stores the last reported value; to be called after the last report.</summary>
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
            // A later report brings a newer value; progress is not worth waiting for.
        }
    }
}
