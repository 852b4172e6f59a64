using CnnService.Core.Datasets;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteFiguresStoreTests() : FiguresStoreTests(null);

public sealed class PostgresFiguresStoreTests(PostgresServer server) : FiguresStoreTests(server);

public abstract class FiguresStoreTests(PostgresServer? server) : DatabaseTests(server)
{
    [Fact]
    public async Task Read_TellsHowMuchThereIs()
    {
        var nothing = await Host.Figures.ReadAsync();
        Assert.Equal((0, TimeSpan.Zero, 0), (nothing.Runs.Count, nothing.OldestWait, nothing.Datasets.Count));

        var cancelled = await Host.AddRunAsync();
        await Host.AddRunAsync();
        Host.Clock.Advance(TimeSpan.FromSeconds(40));
        await Host.AddRunAsync();
        Assert.True((await Host.Runs.CancelAsync(cancelled.Id)).Succeeded);
        Assert.True((await Host.Datasets.CreateAsync(new()
        {
            Name = "shapes",
            Origin = DatasetOrigin.Sample,
            Source = "shapes",
            Folder = "/none",
        })).Succeeded);
        Host.Clock.Advance(TimeSpan.FromSeconds(2));

        var figures = await Host.Figures.ReadAsync();
        Assert.Equal([(WorkState.Cancelled, 1), (WorkState.Queued, 2)],
            figures.Runs.Select(same => (same.Key, same.Value)).OrderBy(same => same.Key.ToString()));
        Assert.Equal([("shapes", DatasetStatus.Importing)], figures.Datasets.Select(set => (set.Key, set.Value)));
        Assert.Empty(figures.ClassifyJobs);

        // PostgreSQL's own clock counts there, which no test moves.
        Assert.True(Host.IsPostgres ? figures.OldestWait > TimeSpan.FromSeconds(42) : figures.OldestWait == TimeSpan.FromSeconds(42),
            $"{figures.OldestWait}");
    }
}
