using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Applies a change of a run or sweep and records it in one transaction. The change comes first and locks the row, which serializes changes
/// of one run: a worker whose claim is lost writes nothing, and events are numbered in order.
/// </summary>
internal static class RunChange
{
    /// <summary>False, without any change, if <paramref name="change"/> matches no row.</summary>
    public static Task<bool> ApplyAsync(
        StoreContext context, Func<Task<int>> change, Func<Task> tell, CancellationToken cancel = default) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            context.ChangeTracker.Clear(); // Left from a try that lost its connection.
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
