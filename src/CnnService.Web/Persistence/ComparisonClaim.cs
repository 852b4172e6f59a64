using System.Text.Json;
using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>A worker's hold on a comparison, as <see cref="ImportClaim"/> is on an import; lost too where somebody deletes the comparison.</summary>
internal sealed class ComparisonClaim(Store store, TimeProvider clock, ComparisonRow comparison, TimeSpan lease)
{
    private readonly string? _owner = comparison.Owner;
    private readonly int _attempt = comparison.Attempt;

    /// <summary>As it was when it was claimed.</summary>
    public ComparisonRow Row => comparison;

    public Task<bool> RenewAsync() => WriteAsync(async (context, mine) =>
    {
        var until = await StoreClock.NowAsync(context, clock) + lease;
        return await mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, until));
    });

    public Task<bool> ProgressAsync(int done) => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, done)));

    public Task<bool> SucceedAsync() => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.State, ComparisonState.Succeeded)
        .SetProperty(row => row.Done, row => row.Total)
        .SetProperty(row => row.FinishedAt, clock.GetUtcNow())));

    public Task<bool> FailAsync(Problem problem)
    {
        var failure = JsonSerializer.Serialize(Failure.Of(problem), CoreJson.Options);
        return WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
            .SetProperty(row => row.State, ComparisonState.Failed)
            .SetProperty(row => row.Failure, failure)
            .SetProperty(row => row.FinishedAt, clock.GetUtcNow())));
    }

    /// <summary>Gives it back at a shutdown, which is no fault of it.</summary>
    public Task<bool> ReleaseAsync() => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.Tries, row => row.Tries - 1).SetProperty(row => row.LeaseUntil, DateTimeOffset.UnixEpoch)));

    private async Task<bool> WriteAsync(Func<StoreContext, IQueryable<ComparisonRow>, Task<int>> write) => await store.UseAsync(context => write(
        context,
        context.Comparisons.Where(row => row.Id == comparison.Id && row.Attempt == _attempt && row.Owner == _owner && row.State == ComparisonState.Running))) > 0;
}
