using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The clock that leases are compared with: the database's where several machines share one, else this process's.</summary>
internal static class StoreClock
{
    public static async Task<DateTimeOffset> NowAsync(StoreContext context, TimeProvider clock, CancellationToken cancel = default)
    {
        if (!context.HasOwnClock)
        {
            return clock.GetUtcNow();
        }

        var milliseconds = await context.Database
            .SqlQuery<long>($"select (extract(epoch from clock_timestamp()) * 1000)::bigint as \"Value\"").SingleAsync(cancel);
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
