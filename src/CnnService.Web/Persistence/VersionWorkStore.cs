using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores one kind of work on versions: of each version the newest.</summary>
/// <param name="store">The database.</param>
/// <param name="clock">The clock.</param>
/// <param name="kind">What one is called, in codes and sentences: <c>quantization</c>.</param>
internal sealed class VersionWorkStore<TRow>(Store store, TimeProvider clock, string kind)
    where TRow : VersionWorkRow
{
    /// <summary>Work of a kind that may be in progress at a time.</summary>
    public const int MaxRunning = 4;

    /// <summary>
    /// Adds work in the place of the version's last one. Problems: <c>….in-progress</c>, <c>….too-many</c>.
    /// </summary>
    public Task<Outcome<TRow>> AddAsync(TRow row, CancellationToken cancel = default) => store.UseAsync<Outcome<TRow>>(async context =>
    {
        var running = await context.Set<TRow>()
            .Where(other => other.Work.State == WorkState.Queued || other.Work.State == WorkState.Running).ToListAsync(cancel);
        if (running.Exists(other => other.Model == row.Model && other.Version == row.Version))
        {
            return Problem.Conflict($"{kind}.in-progress",
                $"Version {row.Version} of model '{row.Model}' has a {kind} in progress already: GET it until it has ended.");
        }

        if (running.Count >= MaxRunning)
        {
            return new Problem(ProblemKind.Unavailable, $"{kind}.too-many",
                $"At most {MaxRunning} {kind}s may be in progress at a time; try again when one has ended.")
            { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        row.CreatedAt = clock.GetUtcNow();
        context.Set<TRow>().Add(row);
        await context.SaveChangesAsync(cancel);
        await context.Set<TRow>().Where(other => other.Model == row.Model && other.Version == row.Version && other.Id != row.Id)
            .ExecuteDeleteAsync(cancel);
        return row;
    });

    /// <summary>The newest of a version; null if there is none.</summary>
    public Task<TRow?> FindAsync(string model, int version, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Set<TRow>().AsNoTracking()
        .Where(row => row.Model == model && row.Version == version).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancel));

    /// <summary>Marks all images as judged, within the transaction that ends the work.</summary>
    public static Task CompleteAsync(StoreContext context, string id, CancellationToken cancel) =>
        context.Set<TRow>().Where(row => row.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, row => row.Total), cancel);
}
