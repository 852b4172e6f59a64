using CnnService.Web.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteAliasStoreTests() : AliasStoreTests(null);

public sealed class PostgresAliasStoreTests(PostgresServer server) : AliasStoreTests(server);

public abstract class AliasStoreTests(PostgresServer? server) : DatabaseTests(server)
{
    private protected override async Task ArrangeAsync()
    {
        await Host.Models.PublishAsync("m", null, "ann", null, _ => 1, CancellationToken.None);
        await Host.Models.PublishAsync("m", null, "ann", null, _ => 2, CancellationToken.None);
        await Host.Models.PublishAsync("m", "r1", "run r1", null, _ => 3, CancellationToken.None);
    }

    [Fact]
    public async Task EveryChange_IsInTheHistory_NewestFirst()
    {
        await Host.Aliases.SetAsync("m", "production", 1, "bob");
        Host.Clock.Advance(TimeSpan.FromMinutes(1));
        var moved = Host.Clock.GetUtcNow();
        await Host.Aliases.SetAsync("m", "production", 2, "eve");
        await Host.Aliases.RemoveAsync("m", "production", "bob");

        var moves = await Host.Aliases.HistoryAsync("m", null, 10, null);

        Assert.Equal(
            [
                ("production", 2, null, AliasMoveReason.Removed, "bob"),
                ("production", 1, 2, AliasMoveReason.Set, "eve"),
                ("production", null, 1, AliasMoveReason.Set, "bob"),
                ("latest", 2, 3, AliasMoveReason.Published, "run r1"),
                ("latest", 1, 2, AliasMoveReason.Published, "ann"),
                ("latest", (int?)null, (int?)1, AliasMoveReason.Published, "ann"),
            ],
            moves.Select(move => (move.Alias, move.From, move.To, move.Reason, move.By)));
        Assert.Equal(moved, moves[1].At);
        Assert.Equal([2, 1], (await Host.Aliases.HistoryAsync("m", "latest", 2, 3)).Select(move => move.Sequence));
    }

    [Fact]
    public async Task Set_ToWhatItNamesAlready_IsNoChange()
    {
        await Host.Aliases.SetAsync("m", "production", 1, "bob");
        await Host.Aliases.SetAsync("m", "production", 1, "bob");

        Assert.Single(await Host.Aliases.HistoryAsync("m", "production", 10, null));
        Assert.Equal("model.no-version-before", (await Host.Aliases.BeforeAsync("m", "production")).Problem?.Code);
    }

    [Fact]
    public async Task RollBack_GoesBackStepByStep_ToTheFirst()
    {
        foreach (var version in new[] { 1, 3, 2 })
        {
            await Host.Aliases.SetAsync("m", "production", version, "bob");
        }

        Assert.Equal(3, await RollBackAsync());
        Assert.Equal(1, await RollBackAsync());
        Assert.Equal("model.no-version-before", (await Host.Aliases.BeforeAsync("m", "production")).Problem?.Code);
        Assert.Equal([(3, 1), (2, 3)],
            (await Host.Aliases.HistoryAsync("m", "production", 2, null)).Select(move => (move.From!.Value, move.To!.Value)));

        async Task<int> RollBackAsync()
        {
            var target = (await Host.Aliases.BeforeAsync("m", "production")).Value;
            Assert.Equal(target, (await Host.Aliases.RollBackAsync("m", "production", target, "bob")).Value.Version);
            return Assert.Single(await Host.Models.AliasesAsync("m")).Version;
        }
    }

    [Fact]
    public async Task RollBack_ToADeletedVersion_IsAConflictThatNamesIt()
    {
        await Host.Aliases.SetAsync("m", "production", 1, "bob");
        await Host.Aliases.SetAsync("m", "production", 2, "bob");
        await Host.Models.DeleteAsync("m", 1, "bob");

        var problem = (await Host.Aliases.RollBackAsync("m", "production", 1, "bob")).Problem;

        Assert.Equal("model.no-version-before", problem?.Code);
        Assert.Contains("version 1", problem!.Detail, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(await Host.Models.AliasesAsync("m")).Version);
    }

    [Fact]
    public async Task RollBack_OfAnAliasThatMovedMeanwhile_IsAConflict()
    {
        await Host.Aliases.SetAsync("m", "production", 1, "bob");
        await Host.Aliases.SetAsync("m", "production", 2, "bob");
        var target = (await Host.Aliases.BeforeAsync("m", "production")).Value;
        await Host.Aliases.SetAsync("m", "production", 3, "eve");

        Assert.Equal("model.alias-moved", (await Host.Aliases.RollBackAsync("m", "production", target, "bob")).Problem?.Code);
    }

    [Theory]
    [InlineData("m", 9, "model.version-not-found")]
    [InlineData("nothing", 1, "model.not-found")]
    public async Task Set_ToWhatIsNotThere_IsAProblemAndNoEntry(string model, int version, string code)
    {
        Assert.Equal(code, (await Host.Aliases.SetAsync(model, "production", version, "bob")).Problem?.Code);
        Assert.Empty(await Host.Aliases.HistoryAsync(model, "production", 10, null));
    }

    [Fact]
    public async Task Delete_TakesTheAliasesOfAVersion_AndTellsWhatLatestBecame()
    {
        await Host.Aliases.SetAsync("m", "production", 3, "bob");

        Assert.Equal([3], await Host.Models.DeleteAsync("m", 3, "eve"));

        Assert.Empty(await Host.Models.AliasesAsync("m"));
        Assert.Equal(
            [("latest", 3, 2), ("production", 3, (int?)null)],
            (await Host.Aliases.HistoryAsync("m", null, 2, null)).Select(move => (move.Alias, move.From!.Value, move.To)));
    }

    [Fact]
    public async Task VersionNumbers_OfDeletedVersions_AreNotGivenAgain()
    {
        await Host.Models.DeleteAsync("m", 3, "eve");

        Assert.Equal(4, await PublishAsync());

        await Host.Models.DeleteAsync("m", null, "eve");
        Assert.Empty(await Host.Models.NamesAsync(10, null));
        Assert.Null((await Host.Aliases.HistoryAsync("m", "latest", 1, null)).Single().To);
        Assert.Equal(5, await PublishAsync());

        Task<int> PublishAsync() => Host.Models.PublishAsync("m", null, "eve", null, next => next, CancellationToken.None);
    }

    /// <summary>Two services share a database on PostgreSQL; each change must find the one before it.</summary>
    [Fact]
    public async Task ManyWritersAtOnce_MakeOneChainOfChanges()
    {
        var writers = Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                Assert.True((await Host.Aliases.SetAsync("m", "production", 1 + ((writer + i) % 3), $"writer {writer}")).Succeeded);
            }
        }));
        await Task.WhenAll(writers);

        var moves = await Host.Aliases.HistoryAsync("m", "production", 200, null);
        moves.Reverse();
        Assert.Null(moves[0].From);
        Assert.All(moves.Zip(moves.Skip(1)),
            pair => Assert.Equal((pair.First.To, pair.First.Sequence + 1), (pair.Second.From, pair.Second.Sequence)));
        Assert.Equal(moves[^1].To, Assert.Single(await Host.Models.AliasesAsync("m")).Version);
    }

    [Fact]
    public async Task ManyPublishersAtOnce_NumberTheHistoryWithoutGaps()
    {
        var added = await Task.WhenAll(
            Enumerable.Range(0, 8)
            .Select(_ => Task.Run(() => Host.Models.PublishAsync("m", null, "ann", null, next => next, CancellationToken.None))));

        Assert.Equal(Enumerable.Range(4, 8), added.Order());
        var moves = await Host.Aliases.HistoryAsync("m", "latest", 50, null);
        Assert.Equal(11, moves[0].To);
        Assert.Equal(Enumerable.Range(1, moves.Count).Reverse(), moves.Select(move => move.Sequence));
        Assert.All(moves.Zip(moves.Skip(1)), pair => Assert.Equal(pair.Second.To, pair.First.From));
    }

    [Fact]
    public async Task History_IsKeptWithTheChange_OrNeither()
    {
        // An entry that cannot be written: the change must not be either.
        await Host.Store.UseAsync(context => context.AliasMoves.Where(move => move.Sequence > 1).ExecuteDeleteAsync());
        await Host.Store.UseAsync(context => context.Database.ExecuteSqlAsync($"create unique index one_entry on alias_moves (model)"));

        await Assert.ThrowsAnyAsync<DbUpdateException>(() => Host.Aliases.SetAsync("m", "production", 1, "bob"));

        Assert.Empty(await Host.Models.AliasesAsync("m"));
    }
}
