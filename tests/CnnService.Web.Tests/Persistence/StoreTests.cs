using System.Diagnostics;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteStoreTests() : StoreTests(null)
{
    [Fact]
    public async Task Connections_AreSetToOutliveAPowerLoss()
    {
        // 2: FULL, the file is flushed at each commit.
        Assert.Equal(("wal", 2L, 1L, 5000L), (
            await PragmaAsync<string>("journal_mode"), await PragmaAsync<long>("synchronous"), await PragmaAsync<long>("foreign_keys"),
            await PragmaAsync<long>("busy_timeout")));

        Task<T> PragmaAsync<T>(string name) => Host.Store.UseAsync(async context =>
        {
            await context.Database.OpenConnectionAsync();
            await using var command = context.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The names above.
            command.CommandText = $"PRAGMA {name}";
#pragma warning restore CA2100
            return (T)(await command.ExecuteScalarAsync())!;
        });
    }

    [Fact]
    public async Task Write_WhileAnotherProcessLocksTheFile_IsUnavailableAfterFiveSeconds()
    {
        await using var other = new SqliteConnection($"Data Source={Host.Folders.Database};Pooling=false");
        await other.OpenAsync();
        await using var blocking = other.BeginTransaction();
        var waited = Stopwatch.StartNew();

        var busy = await Assert.ThrowsAsync<StoreUnavailableException>(() => Host.AddRunAsync());

        Assert.Equal("store.busy", busy.Code);
        Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9)); // Twice it would be ten.
        await blocking.RollbackAsync();
        await Host.AddRunAsync();
    }

    [Fact]
    public async Task Lock_TakenTwice_RefusesTheSecondAndNamesTheFirst()
    {
        Assert.True(Host.Lock.IsHeld);

        var refused = Assert.Throws<StartRefusedException>(() => ServiceLock.Take(Host.Folders));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Host.Folders.Root, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_OfAnEmbeddedService_KeepsOnesOnPostgresOut()
    {
        var refused = Assert.Throws<StartRefusedException>(() => ServiceLock.Share(Host.Folders));

        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_OfServicesOnPostgres_LetsMoreOfThemIn_AndKeepsAnEmbeddedOneOut_UntilTheLastIsGone()
    {
        Host.Lock.Dispose();
        var first = ServiceLock.Share(Host.Folders);
        using (ServiceLock.Share(Host.Folders))
        {
            Assert.False(first.IsHeld);
            first.Dispose();

            var refused = Assert.Throws<StartRefusedException>(() => ServiceLock.Take(Host.Folders));

            Assert.StartsWith("Services on PostgreSQL work on the data directory", refused.Message, StringComparison.Ordinal);
        }

        using var alone = ServiceLock.Take(Host.Folders);
        Assert.True(alone.IsHeld);
    }

    [Fact]
    public async Task Lock_LetGo_CanBeTakenAgain()
    {
        Host.Lock.Dispose();

        using var second = ServiceLock.Take(Host.Folders);

        Assert.True(second.IsHeld);
    }
}

public sealed class PostgresStoreTests(PostgresServer server) : StoreTests(server)
{
    private readonly PostgresServer _server = server;

    [Fact]
    public async Task Use_AfterTheServerDroppedItsConnections_GoesOn()
    {
        var run = await Host.AddRunAsync();

        await _server.DropConnectionsAsync(Host.Postgres!);

        Assert.NotNull(await RunWorker.ClaimAsync(Host.Services, run.Id, "a", TimeSpan.FromSeconds(30)));
    }
}

public abstract class StoreTests(PostgresServer? server) : DatabaseTests(server)
{
    [Fact]
    public async Task Migrations_HoldWhatTheModelSays()
    {
        Assert.False(await Host.Store.UseAsync(context => Task.FromResult(context.Database.HasPendingModelChanges())));
        Assert.Empty(await Host.Store.UseAsync(context => context.Database.GetPendingMigrationsAsync()));
    }

    [Fact]
    public async Task Times_ReadBack_AreTheSameInstantInUtc()
    {
        var run = await Host.AddRunAsync();

        Assert.Equal(Host.Clock.GetUtcNow(), (await Host.Runs.FindAsync(run.Id))!.CreatedAt);
        Assert.Equal(TimeSpan.Zero, (await Host.Runs.FindAsync(run.Id))!.CreatedAt.Offset);
    }

    [Fact]
    public async Task Dataset_NameTaken_IsAConflict()
    {
        Assert.True((await Host.Datasets.CreateAsync(Import("a"))).Succeeded);

        Assert.Equal("dataset.exists", (await Host.Datasets.CreateAsync(Import("a"))).Problem?.Code);
    }

    [Fact]
    public async Task Dataset_WhereTooManyImportsWait_IsUnavailable_UntilOneHasStarted()
    {
        for (var i = 0; i < DatasetStore.MaxQueued; i++)
        {
            Assert.True((await Host.Datasets.CreateAsync(Import($"d{i}"))).Succeeded);
        }

        var refused = await Host.Datasets.CreateAsync(Import("more"));
        Assert.Equal(("dataset.queue-full", true), (refused.Problem?.Code, refused.Problem?.RetryAfter > TimeSpan.Zero));

        await Host.Services.ImportedAsync("d0");
        Assert.True((await Host.Datasets.CreateAsync(Import("more"))).Succeeded);
    }

    [Fact]
    public async Task DatasetDelete_WhileARunReadsIt_NamesTheRun()
    {
        await Host.Datasets.CreateAsync(Import("a"));
        Assert.Equal("dataset.importing", (await Host.Datasets.DeleteAsync("a")).Problem?.Code);
        await Host.Services.ImportedAsync("a");
        var run = await Host.AddRunAsync(dataset: "a");

        var refused = (await Host.Datasets.DeleteAsync("a")).Problem;

        Assert.Equal("dataset.in-use", refused?.Code);
        Assert.Contains(run.Id, refused?.Detail, StringComparison.Ordinal);
        await Host.Runs.CancelAsync(run.Id);
        Assert.True((await Host.Datasets.DeleteAsync("a")).Succeeded);
        Assert.Equal("dataset.not-found", (await Host.Datasets.DeleteAsync("a")).Problem?.Code);
    }

    [Fact]
    public async Task DatasetList_PageByPage_IsInTheOrderOfNames()
    {
        foreach (var name in new[] { "b", "a-2", "a.1", "a", "a_3" })
        {
            await Host.Datasets.CreateAsync(Import(name));
        }

        var read = new List<string>();
        while (await Host.Datasets.ListAsync(2, read.LastOrDefault()) is { Count: > 0 } page)
        {
            read.AddRange(page.Select(row => row.Name));
        }

        Assert.Equal(5, read.Distinct().Count());
        Assert.Equal(5, read.Count);
    }

    [Fact]
    public async Task ModelVersion_OfOneRun_IsOne()
    {
        Assert.Equal(1, await PublishAsync("m", "run"));

        Assert.Equal(1, await PublishAsync("m", "run"));
        Assert.Equal(2, await PublishAsync("m", "other"));
        Assert.Equal(3, await PublishAsync("m", null));
        Assert.Equal(1, await PublishAsync("n", null));
        Assert.Equal(["m", "n"], await Host.Models.NamesAsync(10, null));

        Task<int> PublishAsync(string model, string? run) =>
            Host.Models.PublishAsync(model, run, "ann", null, next => next, CancellationToken.None);
    }

    [Fact]
    public async Task IdempotencyKey_TakenByManyAtOnce_BelongsToOne()
    {
        var body = "body"u8.ToArray();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => Host.Keys.TakeAsync("train", "k", body, $"run{i}"))));

        var winner = Assert.Single(answers.Index(), answer => answer.Item.Value is null).Index;
        Assert.All(answers.Where(answer => answer.Value is not null), answer => Assert.Equal($"run{winner}", answer.Value));
    }

    [Fact]
    public async Task IdempotencyKey_WithAnotherBody_IsAConflictUntilReleasedOrForgotten()
    {
        await Host.Keys.TakeAsync("train", "k", "one"u8.ToArray(), "a");

        Assert.Equal("idempotency.mismatch", (await Host.Keys.TakeAsync("train", "k", "two"u8.ToArray(), "b")).Problem?.Code);
        Assert.Null((await Host.Keys.TakeAsync("datasets", "k", "two"u8.ToArray(), "c")).Value);
        await Host.Keys.ReleaseAsync("train", "k");
        Assert.Null((await Host.Keys.TakeAsync("train", "k", "two"u8.ToArray(), "b")).Value);
        Host.Clock.Advance(IdempotencyStore.RetentionPeriod);
        await Host.Keys.ForgetAsync(Host.Clock.GetUtcNow() - IdempotencyStore.RetentionPeriod);
        Assert.Equal("b", (await Host.Keys.TakeAsync("train", "k", "two"u8.ToArray(), "d")).Value);
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        await Host.Keys.ForgetAsync(Host.Clock.GetUtcNow() - IdempotencyStore.RetentionPeriod);
        Assert.Null((await Host.Keys.TakeAsync("train", "k", "three"u8.ToArray(), "e")).Value);
    }

    private static DatasetImport Import(string name) => new()
    {
        Name = name,
        Origin = DatasetOrigin.Sample,
        Source = "shapes",
        Folder = "/none",
    };
}
