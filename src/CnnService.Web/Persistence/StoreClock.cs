using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The clock of leases: the database's if several machines share it, else that of this process.</summary>
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
