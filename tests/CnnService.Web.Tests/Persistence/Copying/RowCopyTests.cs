using CnnService.Web.Persistence.Copying;

namespace CnnService.Web.Tests.Persistence.Copying;

/// <summary>Rows on their way from one kind of database to another.</summary>
/// <param name="postgres">The tests' own server.</param>
public sealed class RowCopyTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Snapshot => Path.Combine(_folder.Path, "snapshot.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_OfAllTables_AreTheSameInPostgres_AndBack()
    {
        await using var embedded = await StoreHost.SqliteAsync();
        await using var server = await StoreHost.PostgresAsync(postgres);
        await using var filled = embedded.OpenSqlite();
        SomeRows.AddAll(filled);
        await filled.SaveChangesAsync(Cancel);
        await using var source = embedded.OpenSqlite();
        var expected = await SomeRows.ReadAllAsync(source);
        Assert.InRange(expected.Count, 20, 100);
        Assert.All(expected, table => Assert.Equal(2, table.Value.Length));

        var there = new CopyPlace(server.Services);
        await new CopyPlace(embedded.Services).SnapshotAsync(Snapshot, Cancel);
        await there.FillAsync(Snapshot, Cancel);

        await using (var postgresRows = there.OpenPostgres())
        {
            Assert.Equal(expected, await SomeRows.ReadAllAsync(postgresRows));
        }

        await there.SnapshotAsync(Snapshot, Cancel);
        await using var back = CopyPlace.OpenSnapshot(Snapshot);
        Assert.Equal(expected, await SomeRows.ReadAllAsync(back));
        Assert.Equal(2 * expected.Count, await RowCopy.CountAllAsync(back, Cancel));
    }

    [Fact]
    public async Task Snapshot_HoldsWhatWasThereWhenItWasTaken()
    {
        await using var server = await StoreHost.PostgresAsync(postgres);
        var run = await server.AddRunAsync();

        await new CopyPlace(server.Services).SnapshotAsync(Snapshot, Cancel);
        await server.AddRunAsync();

        await using var rows = CopyPlace.OpenSnapshot(Snapshot);
        Assert.Equal([run.Id], rows.Runs.Select(row => row.Id).ToArray());
        Assert.False(File.Exists(Snapshot + "-journal"));
    }
}
