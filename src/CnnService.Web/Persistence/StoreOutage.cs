namespace CnnService.Web.Persistence;

/// <summary>Remembers for two seconds that the database did not answer, so that not every caller waits for it again. Thread safe.</summary>
internal sealed class StoreOutage(TimeProvider clock)
{
    private static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(2);

    private long _reportedAt; // 0: never.

    public bool IsRecent => Volatile.Read(ref _reportedAt) is var reportedAt and not 0 && clock.GetElapsedTime(reportedAt) < RememberedFor;

    public void Report() => Volatile.Write(ref _reportedAt, clock.GetTimestamp());
}
