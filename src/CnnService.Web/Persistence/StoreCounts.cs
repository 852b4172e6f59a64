using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>How much there is of what the store holds.</summary>
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

/// <summary>How much there was when the store was asked.</summary>
/// <param name="Runs">By state; none of a state is not named.</param>
/// <param name="OldestWait">Since the oldest queued run was created; zero where none waits.</param>
/// <param name="ClassifyJobs">As the runs.</param>
/// <param name="Datasets">By name.</param>
internal sealed record StoreFigures(
    IReadOnlyDictionary<WorkState, int> Runs, TimeSpan OldestWait, IReadOnlyDictionary<WorkState, int> ClassifyJobs,
    IReadOnlyDictionary<string, DatasetStatus> Datasets);
