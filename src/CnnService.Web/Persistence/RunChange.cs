using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// A change of a run (or a sweep) and what is told of it, both or neither. The change comes first and locks its row, so that changes
/// of one run come one after the other: a worker whose claim is lost writes nothing, and events get their numbers in order.
/// </summary>
internal static class RunChange
{
    /// <summary>False, and nothing written, where <paramref name="change"/> meets no row.</summary>
    public static Task<bool> ApplyAsync(
        StoreContext context, Func<Task<int>> change, Func<Task> tell, CancellationToken cancel = default) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            context.ChangeTracker.Clear(); // Of a try before this one, where the connection broke.
            var transaction = await context.Database.BeginTransactionAsync(cancel);
            await using (transaction)
            {
                if (await change() == 0)
                {
                    return false;
                }

                await tell();
                await transaction.CommitAsync(cancel);
                return true;
            }
        });
}
