using CnnService.Tests.Shared;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using Npgsql;

namespace CnnService.Web.Tests.Work;

/// <summary>The verbs <c>work --once</c> and <c>migrate</c>, as processes on PostgreSQL.</summary>
/// <param name="postgres">The tests' own server.</param>
public sealed class WorkOnceTests(PostgresServer postgres) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-once-");

    public void Dispose() => _data.Delete(recursive: true);

    [LongProof]
    [Fact]
    public async Task Once_TakesOnePieceOfWorkThatItCan_AndEnds_AndTellsWhereThereIsNone()
    {
        var connection = await postgres.NewDatabaseAsync();
        var database = $"--ConnectionStrings:Postgres={connection}";
        Assert.Equal(3, await RunAsync("work", "--once", database));
        await ExecuteAsync(connection, "insert into idempotency_keys (key, body_hash, resource, created_at) values ('k', 'h', 'r', 0)");
        Assert.Equal(3, await RunAsync("work", "--once", database));
        Assert.Equal(0L, await ExecuteAsync(connection, "select count(*) from idempotency_keys")); // As nobody else might do.
        await using var api = await ServiceProcess.StartAsync(_data.FullName, database, "--Host:Roles=api");
        await api.PostAsync("/datasets", """{"name":"shapes","sample":"shapes"}""");
        await api.PostAsync("/datasets", """{"name":"more","sample":"shapes"}""");

        Assert.Equal(0, await RunAsync("work", "--once", database));
        Assert.Equal(["importing", "ready"], await StatusesAsync(api));
        Assert.Equal(0, await RunAsync("work", "--once", database));
        Assert.Equal(["ready", "ready"], await StatusesAsync(api));

        var run = await api.StartAsync("/train", $$"""
            {"dataset":"shapes","model":"m","precision":"float32","epochs":1,"requires":["site=north"],{{ServiceClient.SmallNetwork}}}
            """);
        Assert.Equal(3, await RunAsync("work", "--once", database, "--Worker:Labels=site=south,fast"));
        var waiting = await api.GetAsync($"/runs/{run}");
        Assert.Equal(("queued", "No worker is running."), (waiting.GetProperty("state").GetString(),
            waiting.GetProperty("waitsFor").GetString()));
        Assert.Equal(["site=north"], waiting.GetProperty("requires").EnumerateArray().Select(label => label.GetString()));

        await using (await ServiceProcess.StartAsync(_data.FullName, database, "--Host:Roles=worker", "--Worker:Labels=site=south"))
        {
            var told = (await api.UntilAsync($"/runs/{run}",
                now => now.GetProperty("waitsFor").GetString() is { } text && text != "No worker is running."))
                .GetProperty("waitsFor").GetString()!;
            Assert.StartsWith("It requires a worker with site=north; ", told, StringComparison.Ordinal);
            Assert.EndsWith(" lacks site=north.", told, StringComparison.Ordinal);
        }

        Assert.Equal(0, await RunAsync("work", "--once", database, "--Worker:Labels=fast,site=north"));
        await api.EndsAsync(run, "succeeded");
        Assert.Equal(3, await RunAsync("work", "--once", database));
    }

    [Fact]
    public async Task Migrate_ByThreeAtOnce_IsDoneByOne_AndAllEndWell()
    {
        var database = await postgres.NewDatabaseAsync();
        ServiceProcess[] all = [.. Enumerable.Range(0, 3).Select(
            _ => ServiceProcess.Launch(_data.FullName, "migrate", $"--ConnectionStrings:Postgres={database}"))];
        foreach (var process in all)
        {
            await process.WaitForExitAsync(Limit);
            Assert.True(process.ExitCode == 0, process.Output);
            Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("Now listening", process.Output, StringComparison.Ordinal);
            await process.DisposeAsync();
        }

        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from runs", connection);
        Assert.Equal(0L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Start_WhileAnotherMigrates_WaitsForIt()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var migrating = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand(
            $"select pg_advisory_xact_lock({DatabaseMigration.LockKey})", connection, migrating);
        await hold.ExecuteNonQueryAsync();
        await using var service = ServiceProcess.Launch(_data.FullName, $"--ConnectionStrings:Postgres={database}");
        await Eventually.IsAsync(() => Task.FromResult(service.Output), output => output.Contains("migrates", StringComparison.Ordinal));

        await Task.Delay(TimeSpan.FromSeconds(6)); // Longer than other statements wait for a lock.
        Assert.False(service.HasExited, service.Output);
        await migrating.CommitAsync();

        await Eventually.IsAsync(
            () => Task.FromResult(service.Output), output => output.Contains("Now listening", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", service.Output, StringComparison.Ordinal);
        Assert.Equal(0, await service.StopAsync());
    }

    private static async Task<object?> ExecuteAsync(string connection, string sql)
    {
        await using var open = new NpgsqlConnection(connection);
        await open.OpenAsync();
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync();
    }

    private async Task<int> RunAsync(params string[] settings)
    {
        var (code, output) = await ServiceProcess.RunAsync(_data.FullName, settings);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        return code;
    }

    private static async Task<IEnumerable<string>> StatusesAsync(ServiceProcess api) =>
        (await api.GetAsync("/datasets")).GetProperty("items").EnumerateArray()
            .Select(set => set.GetProperty("status").GetString()!).Order(StringComparer.Ordinal);
}
