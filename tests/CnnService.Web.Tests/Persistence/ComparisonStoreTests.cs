using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteComparisonStoreTests : ComparisonStoreTests
{
    private protected override Task<StoreHost> OpenAsync() => StoreHost.SqliteAsync();
}

public sealed class PostgresComparisonStoreTests(PostgresServer server) : ComparisonStoreTests
{
    private protected override Task<StoreHost> OpenAsync() => StoreHost.PostgresAsync(server);
}

public abstract class ComparisonStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private StoreHost _host = null!;

    private protected abstract Task<StoreHost> OpenAsync();

    public async ValueTask InitializeAsync() => _host = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Claim_ByManyAtOnce_IsHadByOne()
    {
        var id = await AddAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => _host.Comparisons.ClaimAsync(id, $"worker {i}", Lease))));

        var claim = Assert.Single(claims, claim => claim is not null)!;
        Assert.True(await claim.ProgressAsync(3));
        Assert.True(await claim.SucceedAsync());
        var row = (await _host.Comparisons.FindAsync(id))!;
        Assert.Equal((ComparisonState.Succeeded, 10, 1), (row.State, row.Done, row.Tries));
        Assert.Equal(_host.Clock.GetUtcNow(), row.FinishedAt);
        Assert.Empty(await _host.Comparisons.ClaimableAsync());
    }

    [Fact]
    public async Task Claim_TakenOver_FencesTheFirst()
    {
        var id = await AddAsync();
        var first = (await _host.Comparisons.ClaimAsync(id, "a", Lease))!;
        await _host.Comparisons.ReleaseAllAsync();
        Assert.Equal([new WaitingWork(id, 1)], await _host.Comparisons.ClaimableAsync());
        var second = (await _host.Comparisons.ClaimAsync(id, "b", Lease))!;

        Assert.False(await first.SucceedAsync());
        Assert.True(await second.FailAsync(Problem.NotFound("x.y", "gone")));
        Assert.Contains("x.y", (await _host.Comparisons.FindAsync(id))!.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_OfADeletedOne_IsLost_AndAShutdownDoesNotCount()
    {
        var id = await AddAsync();
        for (var i = 0; i < 4; i++)
        {
            var claim = (await _host.Comparisons.ClaimAsync(id, $"{i}", Lease))!;
            Assert.Equal(1, claim.Row.Tries);
            Assert.True(await claim.ReleaseAsync());
        }

        var last = (await _host.Comparisons.ClaimAsync(id, "last", Lease))!;
        Assert.True(await _host.Comparisons.DeleteAsync(id));
        Assert.False(await last.RenewAsync());
        Assert.False(await _host.Comparisons.DeleteAsync(id));
    }

    [Fact]
    public async Task Add_WhereTooManyAreUnderWay_IsUnavailable()
    {
        await AddAsync();

        var refused = await _host.Comparisons.AddAsync(Row(), mostRunning: 1);

        Assert.Equal(("compare.too-many", true), (refused.Problem?.Code, refused.Problem?.RetryAfter > TimeSpan.Zero));
    }

    private async Task<string> AddAsync() => (await _host.Comparisons.AddAsync(Row(), 100)).Value.Id;

    private ComparisonRow Row() => new()
    {
        Id = RunId.New(_host.Clock),
        ModelA = "m",
        VersionA = 1,
        ModelB = "m",
        VersionB = 2,
        Dataset = "d",
        Split = Split.Test,
        Total = 10,
    };
}
