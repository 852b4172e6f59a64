namespace CnnService.Web.Persistence;

/// <summary>Remembers for two seconds that the database did not answer, so that not every caller waits for it again. Thread safe.</summary>
internal sealed class StoreAbsence(TimeProvider clock)
{
    private static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(2);

    private long _noticed; // 0: never.

    public bool IsRecent => Volatile.Read(ref _noticed) is var noticed and not 0 && clock.GetElapsedTime(noticed) < RememberedFor;

    public void Notice() => Volatile.Write(ref _noticed, clock.GetTimestamp());
}
