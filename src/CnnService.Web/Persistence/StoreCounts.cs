using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Counts the rows of the store, for metrics.</summary>
internal sealed class StoreCounts(Store store, TimeProvider clock)
{
    public Task<StoreFigures> ReadAsync(CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        var runs = await context.Runs.GroupBy(run => run.Work.State).Select(same => new { same.Key, Count = same.Count() })
            .ToDictionaryAsync(same => same.Key, same => same.Count, cancel);
        var jobs = await context.ClassifyJobs.GroupBy(job => job.Work.State).Select(same => new { same.Key, Count = same.Count() })
            .ToDictionaryAsync(same => same.Key, same => same.Count, cancel);
        var datasets = await context.Datasets.AsNoTracking().Select(row => new { row.Name, row.Status }).ToListAsync(cancel);
        var oldest = runs.ContainsKey(WorkState.Queued)
            ? await context.Runs.Where(run => run.Work.State == WorkState.Queued).MinAsync(run => (DateTimeOffset?)run.CreatedAt, cancel)
            : null;
        var wait = oldest is { } since ? await StoreClock.NowAsync(context, clock, cancel) - since : TimeSpan.Zero;
        return new StoreFigures(runs, wait, jobs, datasets.ToDictionary(row => row.Name, row => row.Status));
    });
}

/// <summary>Row counts at the time of the query.</summary>
/// <param name="Runs">Number of runs by state; states without runs are absent.</param>
/// <param name="OldestWait">Age of the oldest queued run; zero if none is queued.</param>
/// <param name="ClassifyJobs">Number of classification jobs by state; states without jobs are absent.</param>
/// <param name="Datasets">Status by name.</param>
internal sealed record StoreFigures(
    IReadOnlyDictionary<WorkState, int> Runs, TimeSpan OldestWait, IReadOnlyDictionary<WorkState, int> ClassifyJobs,
    IReadOnlyDictionary<string, DatasetStatus> Datasets);
