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
    public async Task Add_WhereTooManyAreUnderWay_IsUnavailable()
    {
        await AddAsync();

        var refused = await _host.Comparisons.AddAsync(Row(), maxRunning: 1);

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
