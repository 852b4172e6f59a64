using System.Text.Json;
using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>A worker's hold on a classification of a data set, as <see cref="ImportClaim"/> is on an import; lost too where somebody cancels or deletes it.</summary>
internal sealed class ClassifyJobClaim(Store store, TimeProvider clock, ClassifyJobRow job, TimeSpan lease)
{
    private readonly string? _owner = job.Owner;
    private readonly int _attempt = job.Attempt;

    /// <summary>As it was when it was claimed.</summary>
    public ClassifyJobRow Row => job;

    public Task<bool> RenewAsync() => WriteAsync(async (context, mine) =>
    {
        var until = await StoreClock.NowAsync(context, clock) + lease;
        return await mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, until));
    });

    /// <param name="done">Pictures whose scores are kept.</param>
    /// <param name="imagesPerSecond">Of this attempt; null while it has done none.</param>
    public Task<bool> ProgressAsync(int done, double? imagesPerSecond) => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.Tries, row => row.Done < done ? 0 : row.Tries)
        .SetProperty(row => row.Done, done)
        .SetProperty(row => row.ImagesPerSecond, row => imagesPerSecond ?? row.ImagesPerSecond)));

    public Task<bool> SucceedAsync() => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.State, ClassifyJobState.Succeeded)
        .SetProperty(row => row.Done, row => row.Total)
        .SetProperty(row => row.FinishedAt, clock.GetUtcNow())));

    public Task<bool> FailAsync(Problem problem)
    {
        var failure = JsonSerializer.Serialize(Failure.Of(problem), CoreJson.Options);
        return WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
            .SetProperty(row => row.State, ClassifyJobState.Failed)
            .SetProperty(row => row.Failure, failure)
            .SetProperty(row => row.FinishedAt, clock.GetUtcNow())));
    }

    /// <summary>Gives it back at a shutdown, which is no fault of it.</summary>
    public Task<bool> ReleaseAsync() => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.State, ClassifyJobState.Queued)
        .SetProperty(row => row.Tries, row => row.Tries == 0 ? 0 : row.Tries - 1)
        .SetProperty(row => row.LeaseUntil, DateTimeOffset.UnixEpoch)));

    private async Task<bool> WriteAsync(Func<StoreContext, IQueryable<ClassifyJobRow>, Task<int>> write) => await store.UseAsync(context => write(
        context,
        context.ClassifyJobs.Where(row => row.Id == job.Id && row.Attempt == _attempt && row.Owner == _owner && row.State == ClassifyJobState.Running))) > 0;
}
