using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores the shadows of models, and how often candidate and served version agreed.</summary>
internal sealed class ShadowStore(Store store, TimeProvider clock)
{
    public Task<List<ShadowRow>> AllAsync(CancellationToken cancel = default) =>
        store.UseAsync(context => context.Shadows.AsNoTracking().ToListAsync(cancel));

    public Task<ShadowRow?> FindAsync(string model, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Shadows.AsNoTracking().FirstOrDefaultAsync(row => row.Model == model, cancel));

    public Task<List<ShadowCountRow>> CountsAsync(string model, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ShadowCounts.AsNoTracking().Where(row => row.Model == model).ToListAsync(cancel));

    /// <summary>Starts a shadow; replaces the model's previous one and deletes its counts.</summary>
    public Task<ShadowRow> BeginAsync(ShadowRow shadow, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        await AliasChange.EnsureModelAsync(context, shadow.Model, cancel);
        await RunChange.ApplyAsync(context, () => AliasChange.LockModelAsync(context, shadow.Model, cancel), async () =>
        {
            var before = await context.Shadows.Where(row => row.Model == shadow.Model).Select(row => (DateTimeOffset?)row.Since)
                .FirstOrDefaultAsync(cancel);
            await RemoveAsync(context, shadow.Model, cancel);

            // Counts refer to their shadow by this time, so it must differ from the previous one.
            var now = clock.GetUtcNow();
            shadow.Since = now <= before ? before.Value.AddMilliseconds(1) : now;
            context.Shadows.Add(shadow);
            await context.SaveChangesAsync(cancel);
        }, cancel);
        return shadow;
    });

    /// <summary>Ends a shadow and deletes its counts; false if there is none.</summary>
    public Task<bool> EndAsync(string model, CancellationToken cancel = default) => store.UseAsync(context => RunChange.ApplyAsync(
        context, () => context.Shadows.Where(row => row.Model == model).ExecuteDeleteAsync(cancel),
        () => RemoveAsync(context, model, cancel), cancel));

    /// <summary>Adds counts since the last call; those of a shadow that has ended are discarded.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="since">Start of the shadow, which identifies it.</param>
    /// <param name="dropped">Images dropped because the queue was full.</param>
    /// <param name="failed">Images that the candidate failed on.</param>
    /// <param name="counts">Images that both versions classified.</param>
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
