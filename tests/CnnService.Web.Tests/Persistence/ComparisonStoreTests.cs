using CnnService.Core.Datasets;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteComparisonStoreTests() : ComparisonStoreTests(null);

public sealed class PostgresComparisonStoreTests(PostgresServer server) : ComparisonStoreTests(server);

public abstract class ComparisonStoreTests(PostgresServer? server) : DatabaseTests(server)
{
    [Fact]
    public async Task Add_WhereTooManyAreUnderWay_IsUnavailable()
    {
        await AddAsync();

        var refused = await Host.Comparisons.AddAsync(Row(), maxRunning: 1);

        Assert.Equal(("compare.too-many", true), (refused.Problem?.Code, refused.Problem?.RetryAfter > TimeSpan.Zero));
    }

    private async Task<string> AddAsync() => (await Host.Comparisons.AddAsync(Row(), 100)).Value.Id;

    private ComparisonRow Row() => new()
    {
        Id = RunId.New(Host.Clock),
        ModelA = "m",
        VersionA = 1,
        ModelB = "m",
        VersionB = 2,
        Dataset = "d",
        Split = Split.Test,
        Total = 10,
    };
}
