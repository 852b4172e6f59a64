using CnnService.Core.Datasets;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteFiguresStoreTests : FiguresStoreTests
{
    private protected override Task<StoreHost> OpenAsync() => StoreHost.SqliteAsync();
}

public sealed class PostgresFiguresStoreTests(PostgresServer server) : FiguresStoreTests
{
    private protected override Task<StoreHost> OpenAsync() => StoreHost.PostgresAsync(server);
}

public abstract class FiguresStoreTests
{
    private protected abstract Task<StoreHost> OpenAsync();

    [Fact]
    public async Task Read_TellsHowMuchThereIs()
    {
        await using var host = await OpenAsync();
        var nothing = await host.Figures.ReadAsync();
        Assert.Equal((0, TimeSpan.Zero, 0), (nothing.Runs.Count, nothing.OldestWait, nothing.Datasets.Count));

        var cancelled = await host.AddRunAsync();
        await host.AddRunAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(40));
        await host.AddRunAsync();
        Assert.True((await host.Runs.CancelAsync(cancelled.Id)).Succeeded);
        Assert.True((await host.Datasets.CreateAsync(new()
        {
            Name = "shapes",
            Origin = DatasetOrigin.Sample,
            Source = "shapes",
            Folder = "/none",
        })).Succeeded);
        host.Clock.Advance(TimeSpan.FromSeconds(2));

        var figures = await host.Figures.ReadAsync();
        Assert.Equal([(WorkState.Cancelled, 1), (WorkState.Queued, 2)],
            figures.Runs.Select(same => (same.Key, same.Value)).OrderBy(same => same.Key.ToString()));
        Assert.Equal([("shapes", DatasetStatus.Importing)], figures.Datasets.Select(set => (set.Key, set.Value)));
        Assert.Empty(figures.ClassifyJobs);

        // PostgreSQL's own clock counts there, which no test moves.
        Assert.True(host.IsPostgres ? figures.OldestWait > TimeSpan.FromSeconds(42) : figures.OldestWait == TimeSpan.FromSeconds(42),
            $"{figures.OldestWait}");
    }
}
