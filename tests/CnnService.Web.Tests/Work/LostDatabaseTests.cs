using System.Net.Http.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Work;

/// <summary>The service as users run it, whose database is deleted or rots while it is down.</summary>
public sealed class LostDatabaseTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-lost-");

    private string Database => Path.Combine(_data.FullName, "cnnservice.db");

    public void Dispose() => _data.Delete(recursive: true);

    [LongProof]
    [Fact]
    public async Task DeletedDatabase_IsNoEmptyStore_AndRecoverRebuildsWhatTheFilesHold()
    {
        string done, cut;
        int epochs;
        await using (var service = await StartAsync())
        {
            await service.ImportSampleAsync();
            done = await service.TrainAsync("m", epochs: 2);
            await service.EndsAsync(done, "succeeded");
            using var moved = await service.Client.PutAsJsonAsync(
                ServiceClient.Relative("/models/m/aliases/production"), new { version = 1 });
            Assert.True(moved.IsSuccessStatusCode);
            await Eventually.IsAsync(
                () => Task.FromResult(File.Exists(Path.Combine(_data.FullName, "models", "m", "aliases.json"))), isThere => isThere);
            cut = await service.TrainAsync("long", epochs: 5000);
            epochs = (await service.UntilAsync($"/runs/{cut}", now => now.Epoch() >= 2)).Epoch();
            await service.KillAsync();
        }

        foreach (var file in Directory.GetFiles(_data.FullName, "cnnservice.db*"))
        {
            File.Delete(file);
        }

        var refused = await RefusedAsync();
        Assert.Contains($"The database '{Database}' is missing, although the data directory holds 1 data set, 1 model version, 2 runs.",
            refused, StringComparison.Ordinal);
        Assert.Contains("--recover", refused, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));

        await using var recovered = await StartAsync("--recover");
        Assert.Equal("ready", (await recovered.GetAsync("/datasets/shapes")).GetProperty("status").GetString());
        var model = await recovered.GetAsync("/models/m");
        Assert.Equal(1, model.GetProperty("aliases").GetProperty("production").GetInt32());
        Assert.Equal(done, Assert.Single(model.GetProperty("versions").EnumerateArray()).GetProperty("origin").GetProperty("runId")
            .GetString());
        var run = await recovered.GetAsync($"/runs/{done}");
        Assert.Equal(("succeeded", 1, 2), (run.GetProperty("state").GetString(), run.GetProperty("version").GetInt32(), run.Epoch()));
        Assert.Equal("shapes", run.GetProperty("request").GetProperty("dataset").GetString());
        Assert.Equal(Enumerable.Range(1, 2), await recovered.EpochsAsync(done));
        var interrupted = await recovered.GetAsync($"/runs/{cut}");
        Assert.Equal("run.recovered", interrupted.GetProperty("failure").GetProperty("code").GetString());
        Assert.Contains("failed", await recovered.StatesAsync(cut));

        await recovered.PostAsync($"/runs/{cut}/resume", null);
        await recovered.UntilAsync($"/runs/{cut}", now => now.Epoch() > epochs);
        var history = await recovered.EpochsAsync(cut);
        Assert.Equal(Enumerable.Range(1, history.Length), history);
    }

    [LongProof]
    [Fact]
    public async Task DamagedDatabase_IsToldInOneSentenceWithTheNewestBackup_AndRecoverPutsThatInPlace()
    {
        await using (var service = await StartAsync())
        {
            await Eventually.IsAsync(() => Task.FromResult(Backups().Length), count => count == 1);
            await service.ImportSampleAsync();
            await service.StopAsync();
        }

        File.Delete(Directory.GetFiles(Path.Combine(_data.FullName, "backups")).Single()); // Made at the first start, of nothing.
        await using (var service = await StartAsync())
        {
            await Eventually.IsAsync(() => Task.FromResult(Backups().Length), count => count == 1);
            await service.KillAsync();
        }

        await using (var file = File.OpenWrite(Database))
        {
            file.Write(new byte[4096]);
        }

        var refused = await RefusedAsync();
        Assert.Contains($"The database '{Database}' is damaged", refused, StringComparison.Ordinal);
        Assert.Contains(Backups().Single(), refused, StringComparison.Ordinal);

        await using var recovered = await StartAsync("--recover");
        Assert.Equal("ready", (await recovered.GetAsync("/datasets/shapes")).GetProperty("status").GetString());
    }

    private string[] Backups() =>
        Path.Combine(_data.FullName, "backups") is var folder && Directory.Exists(folder) ? Directory.GetFiles(folder, "*.db") : [];

    private Task<ServiceProcess> StartAsync(params string[] settings) =>
        ServiceProcess.StartAsync(_data.FullName, ["--Training:CheckpointEvery=00:00:01", .. settings]);

    /// <summary>What a start that is refused says: one line, no stack.</summary>
    private async Task<string> RefusedAsync()
    {
        await using var service = ServiceProcess.Launch(_data.FullName);
        await service.WaitForExitAsync(Limit);
        Assert.Equal(1, service.ExitCode);
        Assert.DoesNotContain("   at ", service.Output, StringComparison.Ordinal);
        return Assert.Single(service.Output.Split('\n'), line => line.StartsWith("CnnService does not start:", StringComparison.Ordinal));
    }
}
