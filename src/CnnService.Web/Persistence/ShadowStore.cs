using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Shadows of models, and how often candidate and served version agreed.</summary>
internal sealed class ShadowStore(Store store, TimeProvider clock)
{
    public Task<List<ShadowRow>> AllAsync() => store.UseAsync(context => context.Shadows.AsNoTracking().ToListAsync());

    public Task<ShadowRow?> FindAsync(string model) =>
        store.UseAsync(context => context.Shadows.AsNoTracking().FirstOrDefaultAsync(row => row.Model == model));

    public Task<List<ShadowCountRow>> CountsAsync(string model) =>
        store.UseAsync(context => context.ShadowCounts.AsNoTracking().Where(row => row.Model == model).ToListAsync());

    /// <summary>Begins a shadow; one before it ends, with its counts.</summary>
    public Task<ShadowRow> BeginAsync(ShadowRow shadow) => store.UseAsync(async context =>
    {
        await AliasChange.EnsureModelAsync(context, shadow.Model);
        await RunChange.ApplyAsync(context, () => AliasChange.HoldAsync(context, shadow.Model), async () =>
        {
            var before = await context.Shadows.Where(row => row.Model == shadow.Model).Select(row => (DateTimeOffset?)row.Since).FirstOrDefaultAsync();
            await RemoveAsync(context, shadow.Model);

            // Counts name their shadow by this time, so that no two have the same.
            var now = clock.GetUtcNow();
            shadow.Since = now <= before ? before.Value.AddMilliseconds(1) : now;
            context.Shadows.Add(shadow);
            await context.SaveChangesAsync();
        });
        return shadow;
    });

    /// <summary>False where there is none.</summary>
    public Task<bool> EndAsync(string model) => store.UseAsync(context => RunChange.ApplyAsync(
        context, () => context.Shadows.Where(row => row.Model == model).ExecuteDeleteAsync(), () => RemoveAsync(context, model)));

    /// <summary>Adds what was counted since the last time; counts of a shadow that has ended are let go.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="since">Which shadow of the model.</param>
    /// <param name="dropped">Pictures let go.</param>
    /// <param name="failed">Pictures without an answer.</param>
    /// <param name="counts">The others.</param>
    public Task AddAsync(string model, DateTimeOffset since, long dropped, long failed, IReadOnlyList<ShadowCountRow> counts) => store.UseAsync(context => RunChange.ApplyAsync(
        context,
        () => context.Shadows.Where(row => row.Model == model && row.Since == since).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Dropped, row => row.Dropped + dropped).SetProperty(row => row.Failed, row => row.Failed + failed)),
        async () =>
        {
            foreach (var count in counts)
            {
                await context.Database.ExecuteSqlAsync(
                    $"""
                    insert into shadow_counts (model, served, candidate, served_class, candidate_class, count, difference)
                    values ({model}, {count.Served}, {count.Candidate}, {count.ServedClass}, {count.CandidateClass}, {count.Count}, {count.Difference})
                    on conflict (model, served, candidate, served_class, candidate_class)
                    do update set count = shadow_counts.count + excluded.count, difference = shadow_counts.difference + excluded.difference
                    """);
            }
        }));

    private static async Task RemoveAsync(StoreContext context, string model)
    {
        await context.Shadows.Where(row => row.Model == model).ExecuteDeleteAsync();
        await context.ShadowCounts.Where(row => row.Model == model).ExecuteDeleteAsync();
    }
}
