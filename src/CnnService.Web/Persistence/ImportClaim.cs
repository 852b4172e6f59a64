using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>A worker's hold on an import. Every write names the attempt; once another worker has it, writes change nothing and answer false.</summary>
internal sealed class ImportClaim(Store store, TimeProvider clock, DatasetRow dataset, TimeSpan lease)
{
    private readonly string _name = dataset.Name;
    private readonly string? _owner = dataset.Owner;
    private readonly int _attempt = dataset.Attempt;

    /// <summary>What to import.</summary>
    public DatasetImport Import { get; } = JsonSerializer.Deserialize<DatasetImport>(dataset.Import, CoreJson.Options)!;

    /// <summary>Attempts that were not ended by a shutdown, this one included.</summary>
    public int Tries => dataset.Tries;

    public Task<bool> RenewAsync() => WriteAsync(async (context, mine) =>
    {
        var until = await StoreClock.NowAsync(context, clock) + lease;
        return await mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, until));
    });

    public Task<bool> ProgressAsync(ImportProgress progress) => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.Done, progress.Done).SetProperty(row => row.Total, progress.Total)));

    public Task<bool> ReadyAsync() => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, DatasetStatus.Ready)));

    public Task<bool> FailAsync(Problem problem)
    {
        var failure = JsonSerializer.Serialize(Failure.Of(problem), CoreJson.Options);
        return WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Status, DatasetStatus.Failed).SetProperty(row => row.Failure, failure)));
    }

    /// <summary>Gives the import back at a shutdown, which is no fault of it.</summary>
    public Task<bool> ReleaseAsync() => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.Tries, row => row.Tries - 1).SetProperty(row => row.LeaseUntil, DateTimeOffset.UnixEpoch)));

    private async Task<bool> WriteAsync(Func<StoreContext, IQueryable<DatasetRow>, Task<int>> write) => await store.UseAsync(context => write(
        context,
        context.Datasets.Where(row => row.Name == _name && row.Attempt == _attempt && row.Owner == _owner && row.Status == DatasetStatus.Importing))) > 0;
}
