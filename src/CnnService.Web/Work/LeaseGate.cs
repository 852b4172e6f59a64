using CnnService.Core.Training.Runs;

namespace CnnService.Web.Work;

/// <summary>
/// Open while a lease is known to be held. Work that passes the gate between its steps pauses when the lease ends, keeps its state in
/// memory, and continues if the lease is renewed after all. Thread safe.
/// </summary>
internal sealed class LeaseGate(TimeProvider clock) : ITrainingGate, IDisposable
{
    private readonly ManualResetEventSlim _extended = new();
    private long _until = long.MinValue;

    /// <summary>Whether the lease is held at this moment.</summary>
    public bool IsOpen => clock.GetTimestamp() < Interlocked.Read(ref _until);

    /// <summary>Sets the timestamp of the clock until which the lease is held.</summary>
    public void Extend(long until)
    {
        Interlocked.Exchange(ref _until, until);
        _extended.Set();
    }

    /// <summary>Returns immediately while the lease is held, else blocks until it is renewed.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while waiting.</exception>
    public void Pass(CancellationToken cancel)
    {
        while (!IsOpen)
        {
            _extended.Reset();
            if (IsOpen)
            {
                return; // Renewed between the check and the reset.
            }

            _extended.Wait(cancel);
        }
    }

    public void Dispose() => _extended.Dispose();
}
