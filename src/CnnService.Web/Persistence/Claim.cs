using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// A worker's claim on a row. Every write states the claim's fencing number; once another worker has claimed the row, writes change nothing
/// and return false, and this worker must stop.
/// </summary>
/// <param name="Id">The row's key.</param>
/// <param name="Row">The row as it was when it was claimed.</param>
/// <param name="Lease">Duration of a claim or renewal.</param>
internal sealed record Claim<T>(string Id, T Row, TimeSpan Lease)
    where T : LeasedRow
{
    /// <summary>The fencing number, from 1.</summary>
    public int Fence => Row.Work.Fence;

    /// <summary>The row if this worker still holds it, else no row.</summary>
    public IQueryable<T> Mine(StoreContext context)
    {
        var (fence, owner) = (Fence, Row.Work.Owner);
        return Find(context, Id).Where(row => row.Work.Fence == fence && row.Work.Owner == owner && row.Work.State == WorkState.Running);
    }

    /// <summary>The row with a key, whoever holds it.</summary>
    public static IQueryable<T> Find(StoreContext context, string id)
    {
        var key = context.KeyOf<T>();
        return context.Set<T>().Where(row => EF.Property<string>(row, key) == id);
    }
}
