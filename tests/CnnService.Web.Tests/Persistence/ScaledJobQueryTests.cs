using CnnService.Core.Training;
using CnnService.Tests.Shared;
using CnnService.Web.Persistence;
using Npgsql;

namespace CnnService.Web.Tests.Persistence;

/// <summary>The queries by which deploy/kubernetes starts workers, on the service's own tables.</summary>
public sealed class ScaledJobQueryTests(PostgresServer server) : DatabaseTests(server)
{
    private static readonly string[] Cpu = ["memory=14g"];
    private static readonly string[] Gpu = ["gpu", "memory=28g"];

    private static string CpuQuery => Query("worker/worker.yaml", "query: |");

    private static string GpuQuery => Query("many-gpu/gpu/worker.yaml", "value: |");

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Work_IsCountedWhileItWaits_AndWhenItsWorkerIsGone(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        Assert.Equal((0, 0), await CountAsync());
        var id = await kind.AddAsync();
        Assert.Equal((1, 0), await CountAsync());
        await kind.ClaimAsync(id, "a", TimeSpan.FromMinutes(1));
        Assert.Equal((0, 0), await CountAsync());
        await kind.RecoverAsync();
        Assert.Equal((1, 0), await CountAsync());
        await kind.CancelAsync(id);
        var again = (await kind.ClaimAsync(id, "b", TimeSpan.FromMinutes(1)))!;
        await again.CancelledAsync();
        Assert.Equal((0, 0), await CountAsync());
    }

    /// <summary>Judged by the rule that workers claim by.</summary>
    [Fact]
    public async Task Requirements_AreMetAsWorkersMeetThem()
    {
        string?[] requirements =
        [
            null, "gpu", "memory=14g", "memory=14.5g", "memory=13.999g", "memory=14336m", "memory=14337m", "memory=15032385536",
            "memory=15032385537", "memory=.5t", "memory=0.01t", "memory=5.", "memory=14gg", "memory=g", "memory=1.2.3", "memory", "gpu=1",
            "site=north", "gpu memory=28g", "gpu memory=29g", "gpu site=north", "memory=1g gpu", "memory=1g memory=20g", "memoryy=1",
        ];
        foreach (var requires in requirements)
        {
            var run = await Host.AddRunAsync();
            await ExecuteAsync($"update runs set requires = {(requires is null ? "null" : $"'{requires}'")} where id = '{run.Id}'");
            WorkerLabel[] needs = [.. LeasedWork.Split(requires).Select(WorkerLabel.Parse).OfType<WorkerLabel>()];
            var isForGpu = needs.Contains(new(WorkerLabel.Gpu, null));

            var counted = await CountAsync();

            Assert.True(
                (IsMet(needs, Cpu), isForGpu && IsMet(needs, Gpu)) == (counted.Cpu == 1, counted.Gpu == 1), $"{requires}: {counted}");
            await ExecuteAsync("delete from runs");
        }
    }

    [Fact]
    public async Task Sweep_IsCountedOnceWhileNobodyCarriesItOn()
    {
        var sweep = await Host.AddSweepAsync(trials: 3, parallel: 1);
        Assert.Equal((1, 0), await CountAsync());
        var run = Assert.Single(await Host.Scheduler.AdvanceAsync(sweep.Id, TestContext.Current.CancellationToken));
        Assert.Equal((1, 0), await CountAsync()); // The run, which waits.
        await ExecuteAsync($"update runs set requires = 'site=north' where id = '{run}'");
        Assert.Equal((0, 0), await CountAsync());
        await ExecuteAsync($"update runs set state = 'Failed' where id = '{run}'");
        Assert.Equal((1, 0), await CountAsync());
    }

    [Fact]
    public async Task Work_ThatPauses_IsCountedLater()
    {
        var kind = LeasedKind.Of(Kind.Training, Host);
        var id = await kind.AddAsync();
        await ExecuteAsync(
            $"update runs set lease_until = (extract(epoch from clock_timestamp()) * 1000)::bigint + 60000 where id = '{id}'");
        Assert.Equal((0, 0), await CountAsync());
        Assert.Empty(await kind.ClaimableAsync());

        await ExecuteAsync($"update runs set lease_until = lease_until + 3600000 where id = '{id}'"); // Of a clock that was set back.
        Assert.Equal((1, 0), await CountAsync());
        Assert.Single(await kind.ClaimableAsync());
    }

    private static bool IsMet(WorkerLabel[] needs, string[] labels) =>
        WorkerLabel.Missing(needs, [.. labels.Select(label => WorkerLabel.Parse(label)!)]).Count == 0;

    private async Task<(long Cpu, long Gpu)> CountAsync() =>
        (Convert.ToInt64(await ExecuteAsync(CpuQuery)), Convert.ToInt64(await ExecuteAsync(GpuQuery)));

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Host.Postgres);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The block of text that is the manifest's last.</summary>
    private static string Query(string path, string key)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "kubernetes", path));
        return text[(text.LastIndexOf(key, StringComparison.Ordinal) + key.Length)..];
    }
}
