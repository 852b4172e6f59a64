namespace CnnService.Web.Persistence;

/// <summary>
/// Remembers that the database did not answer, until a query succeeds: nobody who can go on without it waits for it meanwhile. Thread safe.
/// </summary>
internal sealed class StoreOutage(TimeProvider clock)
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);

    private long _probedAt; // 0: the database answers.

    public bool IsKnown => Volatile.Read(ref _probedAt) != 0;

    public void Report() => Interlocked.CompareExchange(ref _probedAt, Now, 0);

    public void End() => Volatile.Write(ref _probedAt, 0);

    /// <summary>True for one caller in two seconds of an outage, who should query again, in the background.</summary>
    public bool TryBeginProbe()
    {
        var probedAt = Volatile.Read(ref _probedAt);
        return probedAt != 0 && clock.GetElapsedTime(probedAt) >= ProbeInterval
            && Interlocked.CompareExchange(ref _probedAt, Now, probedAt) == probedAt;
    }

    private long Now => Math.Max(1, clock.GetTimestamp());
}
