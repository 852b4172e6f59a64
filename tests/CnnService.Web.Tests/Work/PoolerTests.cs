using CnnService.Tests.Shared;
using CnnService.Web.Tests.Persistence;
using Npgsql;

namespace CnnService.Web.Tests.Work;

/// <summary>What a process holds on PostgreSQL, and the service behind PgBouncer in transaction mode.</summary>
/// <param name="postgres">The tests' own server.</param>
public sealed class PoolerTests(PostgresServer postgres) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-pooler-");

    public void Dispose() => _data.Delete(recursive: true);

    [LongProof]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Service_BehindPgBouncer_StartsAndTrains(bool hasDirect)
    {
        Assert.SkipUnless(PgBouncerProcess.IsInstalled, "needs PgBouncer (Debian: pgbouncer)");
        var direct = await postgres.NewDatabaseAsync();
        var server = new NpgsqlConnectionStringBuilder(direct);
        await using var pooler = await PgBouncerProcess.StartAsync(server.Port);
        string[] settings =
        [
            $"--ConnectionStrings:Postgres={pooler.Connection(server.Database!)}",
            .. hasDirect ? [$"--ConnectionStrings:PostgresDirect={direct}"] : Array.Empty<string>(),
        ];
        await using var api = await ServiceProcess.StartAsync(_data.FullName, [.. settings, "--Host:Roles=api"]);
        await using var worker = await ServiceProcess.StartAsync(_data.FullName, [.. settings, "--Host:Roles=worker"]);

        await api.ImportSampleAsync();
        await api.EndsAsync(await api.TrainAsync("m", epochs: 1), "succeeded");

        Assert.Equal(!hasDirect, worker.Output.Contains("through a pooler", StringComparison.Ordinal));
        Assert.Equal(0, await worker.StopAsync());
    }

    [LongProof]
    [Fact]
    public async Task Worker_HoldsAtMostSixConnections_AtWorkToo()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var api = await ServiceProcess.StartAsync(
            _data.FullName, $"--ConnectionStrings:Postgres={database};Application Name=api", "--Host:Roles=api");
        await using var worker = await ServiceProcess.StartAsync(
            _data.FullName, $"--ConnectionStrings:Postgres={database};Application Name=worker", "--Host:Roles=worker");
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await api.ImportSampleAsync();
        var run = await api.TrainAsync("m", epochs: 3);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await api.PostAsync("/datasets", $$"""{"name":"{{name}}","sample":"shapes"}""");
        }

        var most = 0L;
        await api.UntilAsync($"/runs/{run}", now =>
        {
            using var count = new NpgsqlCommand(
                "select count(*) from pg_stat_activity where application_name = 'worker' and datname = current_database()", connection);
            most = Math.Max(most, (long)count.ExecuteScalar()!);
            return now.GetProperty("finishedAt").ValueKind == System.Text.Json.JsonValueKind.String;
        });

        Assert.InRange(most, 1, 6);
    }
}
