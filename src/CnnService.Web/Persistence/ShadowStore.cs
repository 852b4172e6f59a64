using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Shadows of models, and how often candidate and served version agreed.</summary>
internal sealed class ShadowStore(Store store, TimeProvider clock)
{
    public Task<List<ShadowRow>> AllAsync(CancellationToken cancel = default) =>
        store.UseAsync(context => context.Shadows.AsNoTracking().ToListAsync(cancel));

    public Task<ShadowRow?> FindAsync(string model, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Shadows.AsNoTracking().FirstOrDefaultAsync(row => row.Model == model, cancel));

    public Task<List<ShadowCountRow>> CountsAsync(string model, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ShadowCounts.AsNoTracking().Where(row => row.Model == model).ToListAsync(cancel));

    /// <summary>Begins a shadow; one before it ends, with its counts.</summary>
    public Task<ShadowRow> BeginAsync(ShadowRow shadow, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        await AliasChange.EnsureModelAsync(context, shadow.Model, cancel);
        await RunChange.ApplyAsync(context, () => AliasChange.HoldAsync(context, shadow.Model, cancel), async () =>
        {
            var before = await context.Shadows.Where(row => row.Model == shadow.Model).Select(row => (DateTimeOffset?)row.Since)
                .FirstOrDefaultAsync(cancel);
            await RemoveAsync(context, shadow.Model, cancel);

            // Counts name their shadow by this time, so that no two have the same.
            var now = clock.GetUtcNow();
            shadow.Since = now <= before ? before.Value.AddMilliseconds(1) : now;
            context.Shadows.Add(shadow);
            await context.SaveChangesAsync(cancel);
        }, cancel);
        return shadow;
    });

    /// <summary>False where there is none.</summary>
    public Task<bool> EndAsync(string model, CancellationToken cancel = default) => store.UseAsync(context => RunChange.ApplyAsync(
        context, () => context.Shadows.Where(row => row.Model == model).ExecuteDeleteAsync(cancel),
        () => RemoveAsync(context, model, cancel), cancel));

    /// <summary>Adds what was counted since the last time; counts of a shadow that has ended are let go.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="since">Which shadow of the model.</param>
    /// <param name="dropped">Images let go.</param>
    /// <param name="failed">Images without an answer.</param>
    /// <param name="counts">The others.</param>
    public Task AddAsync(
        string model, DateTimeOffset since, long dropped, long failed, IReadOnlyList<ShadowCountRow> counts,
        CancellationToken cancel = default) => store.UseAsync(context => RunChange.ApplyAsync(
        context,
        () => context.Shadows.Where(row => row.Model == model && row.Since == since).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Dropped, row => row.Dropped + dropped).SetProperty(row => row.Failed, row => row.Failed + failed),
            cancel),
        async () =>
        {
            foreach (var count in counts)
            {
                await context.Database.ExecuteSqlAsync(
                    $"""
                    insert into shadow_counts (model, served, candidate, served_class, candidate_class, count, difference)
                    values ({model}, {count.Served}, {count.Candidate},
                        {count.ServedClass}, {count.CandidateClass}, {count.Count}, {count.Difference})
                    on conflict (model, served, candidate, served_class, candidate_class)
                    do update set count = shadow_counts.count + excluded.count, difference = shadow_counts.difference + excluded.difference
                    """, cancel);
            }
        }, cancel));

    private static async Task RemoveAsync(StoreContext context, string model, CancellationToken cancel)
    {
        await context.Shadows.Where(row => row.Model == model).ExecuteDeleteAsync(cancel);
        await context.ShadowCounts.Where(row => row.Model == model).ExecuteDeleteAsync(cancel);
    }
}
