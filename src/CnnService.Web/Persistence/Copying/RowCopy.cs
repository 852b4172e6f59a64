using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence.Copying;

/// <summary>Copies the rows of all tables from one database to another, of whichever kind either is.</summary>
internal static class RowCopy
{
    private const int AtOnce = 500;

    /// <summary>Made anew by each worker.</summary>
    private static readonly Type[] Passing = [typeof(WorkerRow)];

    private static readonly MethodInfo CopyRows = Of(nameof(CopyAsync));
    private static readonly MethodInfo CountRows = Of(nameof(CountAsync));

    /// <summary>Copies within the transactions of the contexts.</summary>
    public static async Task CopyAllAsync(StoreContext from, StoreContext to, CancellationToken cancel)
    {
        foreach (var type in Tables(from))
        {
            await (Task)CopyRows.MakeGenericMethod(type).Invoke(null, [from, to, cancel])!;
        }
    }

    /// <summary>Number of rows of all tables.</summary>
    public static async Task<int> CountAllAsync(StoreContext context, CancellationToken cancel)
    {
        var count = 0;
        foreach (var type in Tables(context))
        {
            count += await (Task<int>)CountRows.MakeGenericMethod(type).Invoke(null, [context, cancel])!;
        }

        return count;
    }

    private static IEnumerable<Type> Tables(StoreContext context) =>
        context.Model.GetEntityTypes().Where(entity => !entity.IsOwned()).Select(entity => entity.ClrType).Except(Passing);

    private static Task<int> CountAsync<T>(StoreContext context, CancellationToken cancel)
        where T : class => context.Set<T>().CountAsync(cancel);

    private static async Task CopyAsync<T>(StoreContext from, StoreContext to, CancellationToken cancel)
        where T : class
    {
        var some = new List<T>(AtOnce);
        await foreach (var row in from.Set<T>().AsNoTracking().AsAsyncEnumerable().WithCancellation(cancel))
        {
            some.Add(row);
            if (some.Count == AtOnce)
            {
                await AddAsync(to, some, cancel);
            }
        }

        await AddAsync(to, some, cancel);
    }

    private static async Task AddAsync<T>(StoreContext to, List<T> rows, CancellationToken cancel)
        where T : class
    {
        to.Set<T>().AddRange(rows);
        await to.SaveChangesAsync(cancel);
        to.ChangeTracker.Clear();
        rows.Clear();
    }

    private static MethodInfo Of(string name) => typeof(RowCopy).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}
