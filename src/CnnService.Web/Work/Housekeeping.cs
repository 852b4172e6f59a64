using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Deletes what nobody needs any more.</summary>
internal sealed class Housekeeping(Leftovers leftovers, IdempotencyStore keys, AuditStore audit, TimeProvider clock)
{
    /// <summary>Deletes what dead processes left in the data directory, which is looked through, and old rows.</summary>
    public async Task CleanAsync()
    {
        await leftovers.DeleteAsync();
        await ForgetAsync();
    }

    /// <summary>Deletes expired idempotency keys, and changes that were kept long enough.</summary>
    public async Task ForgetAsync()
    {
        await keys.ForgetAsync(clock.GetUtcNow() - IdempotencyStore.RetentionPeriod);
        await audit.ForgetAsync();
    }
}
