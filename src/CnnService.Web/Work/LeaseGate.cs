using CnnService.Core.Training.Runs;

namespace CnnService.Web.Work;

/// <summary>
/// Open while a lease is known to hold. Work that passes it between its steps stops when the lease ends, keeps what it has in memory, and
/// goes on where the lease is renewed after all. Thread safe.
/// </summary>
internal sealed class LeaseGate(TimeProvider clock) : ITrainingGate, IDisposable
{
    private readonly ManualResetEventSlim _extended = new();
    private long _until = long.MinValue;

    /// <summary>The lease holds at this moment.</summary>
    public bool IsOpen => clock.GetTimestamp() < Interlocked.Read(ref _until);

    /// <summary>The lease holds until the clock's timestamp.</summary>
    public void Extend(long until)
    {
        Interlocked.Exchange(ref _until, until);
        _extended.Set();
    }

    /// <summary>Returns at once while the lease holds, else once it is renewed.</summary>
    /// <exception cref="OperationCanceledException">The work is to end instead.</exception>
    public void Pass(CancellationToken cancel)
    {
        while (!IsOpen)
        {
            _extended.Reset();
            if (IsOpen)
            {
                return; // Renewed between the two looks.
            }

            _extended.Wait(cancel);
        }
    }

    public void Dispose() => _extended.Dispose();
}
