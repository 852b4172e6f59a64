using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The workers that share a PostgreSQL database. Without one there is a single worker, which needs no row.</summary>
internal sealed class WorkerStore(Store store, TimeProvider clock)
{
    /// <summary>How often a worker tells of itself.</summary>
    public static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    /// <summary>A worker that has not told for so long is taken for gone.</summary>
    public static readonly TimeSpan LiveFor = 3 * TellEvery;

    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(1);

    /// <summary>Stores what a worker tells of itself.</summary>
    public Task TellAsync(WorkerRow worker, CancellationToken cancel) => store.UseAsync(async context =>
    {
        worker.SeenAt = await StoreClock.NowAsync(context, clock, cancel);
        var isKnown = await context.Workers.Where(row => row.Id == worker.Id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.SeenAt, worker.SeenAt)
                .SetProperty(row => row.Labels, worker.Labels)
                .SetProperty(row => row.Unready, worker.Unready),
            cancel) > 0;
        if (!isKnown)
        {
            var forgotten = worker.SeenAt - ForgetAfter;
            await context.Workers.Where(row => row.SeenAt < forgotten).ExecuteDeleteAsync(cancel);
            context.Workers.Add(worker);
            await context.SaveChangesAsync(cancel);
        }
    });

    /// <summary>Forgets a worker that ends.</summary>
    public Task ForgetAsync(string id, CancellationToken cancel) =>
        store.UseAsync(context => context.Workers.Where(row => row.Id == id).ExecuteDeleteAsync(cancel));

    /// <summary>Those that have told lately.</summary>
    public Task<List<WorkerRow>> LiveAsync(CancellationToken cancel) => store.UseAsync(async context =>
    {
        var since = await StoreClock.NowAsync(context, clock, cancel) - LiveFor;
        return await context.Workers.AsNoTracking().Where(row => row.SeenAt > since).OrderBy(row => row.Name).ToListAsync(cancel);
    });
}
