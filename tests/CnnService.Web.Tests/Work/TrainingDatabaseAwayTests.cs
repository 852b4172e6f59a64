using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CnnService.Core.Training;
using CnnService.Tests.Shared;
using CnnService.Web.Artifacts;
using CnnService.Web.Tests.Persistence;

namespace CnnService.Web.Tests.Work;

/// <summary>The service as users run it on PostgreSQL, which is stopped and started again under its work.</summary>
public sealed class TrainingDatabaseAwayTests : IAsyncLifetime
{
    private const string Away = "The database does not answer";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-away-");
    private readonly PostgresServer _postgres = new();
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync(
            _data.FullName, $"--ConnectionStrings:Postgres={await _postgres.NewDatabaseAsync()}", "--Work:Lease=00:00:03",
            "--Disk:MinFreeBytes=0");
        await _service.ImportSampleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _postgres.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    [LongProof]
    public async Task Training_WhoseLeaseEndsWhileTheDatabaseIsAway_WaitsInMemoryAndGoesOn()
    {
        var id = await _service.TrainAsync("m", epochs: 5000);
        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() >= 2);
        var child = await _service.TrainingProcessAsync();

        var away = Stopwatch.StartNew();
        await _postgres.StopAsync();
        var paused = await PausesAsync(id);
        await _postgres.StartAsync();

        await Eventually.IsAsync(() => FindAsync($"/runs/{id}"), run => run is { } now && now.Epoch() > paused);
        Assert.Equal(child, Assert.Single(_service.TrainingProcesses()));
        var epochs = await _service.EpochsAsync(id);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
        await _service.PostAsync($"/runs/{id}/cancel", null);
        await _service.EndsAsync(id, "cancelled");
        Assert.Equal(["queued", "running", "cancelled"], await _service.StatesAsync(id));
        IsToldOnce(away.Elapsed);
    }

    [LongProof]
    [Fact]
    public async Task Requests_ThroughAnOutage_AreAnsweredWithAProblemAndLoseNothing()
    {
        string[] keys = [.. Enumerable.Range(0, 6).Select(i => $"key-{i}")];
        var runs = new Dictionary<string, string>();
        await PostAsync(keys[0], HttpStatusCode.Accepted);
        await _postgres.StopAsync();
        await Task.WhenAll(keys[1..4].Select(key => PostAsync(key, HttpStatusCode.ServiceUnavailable)));
        await _postgres.StartAsync();

        foreach (var key in keys)
        {
            await Eventually.IsAsync(() => PostAsync(key, null), status => status == HttpStatusCode.Accepted);
        }

        var all = (await _service.GetAsync("/runs?limit=100")).GetProperty("items").EnumerateArray()
            .Select(run => run.GetProperty("id").GetString()).ToHashSet();
        Assert.Equal(keys.Length, all.Count);
        Assert.True(all.SetEquals(runs.Values), _service.Output);

        async Task<HttpStatusCode> PostAsync(string key, HttpStatusCode? wanted)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, ServiceClient.Relative("/train"))
            {
                Content = new StringContent($$"""{"dataset":"shapes","model":"{{key}}","epochs":1,{{ServiceClient.SmallNetwork}}}""",
                    System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await _service.Client.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                Assert.NotNull(answer.Headers.RetryAfter);
                await ProblemAssert.IsAsync(answer, HttpStatusCode.ServiceUnavailable, "store.unavailable");
            }
            else
            {
                runs[key] = (await CnnServiceApplication.JsonAsync(answer)).GetProperty("id").GetString()!; // Never by two at once.
            }

            Assert.True(wanted is null || answer.StatusCode == wanted, $"{key}: {answer.StatusCode}");
            return answer.StatusCode;
        }
    }

    /// <summary>
    /// Waits until the service has noticed the outage and the training has stopped stepping; the last epoch that it completed.
    /// </summary>
    private async Task<int> PausesAsync(string id)
    {
        await Eventually.IsAsync(() => Task.FromResult(_service.Output), output => output.Contains(Away, StringComparison.Ordinal));
        var folder = new DataFolders(_data.FullName).RunFiles(id);
        var seen = -1;
        while (RunHistory.Read(folder).Count is var now && now != seen)
        {
            seen = now;
            await Task.Delay(TimeSpan.FromSeconds(4)); // Longer than the lease: a training that goes on completes epochs meanwhile.
        }

        return seen;
    }

    /// <summary>Null while the service does not find its database.</summary>
    private async Task<JsonElement?> FindAsync(string path)
    {
        using var answer = await _service.Client.GetAsync(ServiceClient.Relative(path));
        return answer.IsSuccessStatusCode ? await CnnServiceApplication.JsonAsync(answer) : null;
    }

    /// <summary>And again for each minute that has passed, at most.</summary>
    private void IsToldOnce(TimeSpan passed)
    {
        var output = _service.Output;
        Assert.InRange(Count(Away), 1, 1 + (int)passed.TotalMinutes);
        Assert.InRange(Count("The database answers again"), 1, 1 + (int)passed.TotalMinutes);
        Assert.True(Count("   at Npgsql") == 0, output);

        int Count(string text) => output.Split(text).Length - 1;
    }
}
