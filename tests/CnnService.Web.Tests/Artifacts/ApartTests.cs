using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Tests.Work;
using Npgsql;

namespace CnnService.Web.Tests.Artifacts;

/// <summary>An API and workers with nothing in common but PostgreSQL and an S3 server.</summary>
/// <param name="postgres">The tests' own server.</param>
[LongProof]
public sealed class ApartTests(PostgresServer postgres) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ServiceProcess> _processes = [];
    private S3Server _server = null!;
    private string _database = string.Empty;
    private string[] _settings = [];
    private ServiceProcess _api = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync();
        _database = await postgres.NewDatabaseAsync();
        _settings = [$"--ConnectionStrings:Postgres={_database}", .. _server.Arguments()];
        _api = await StartAsync("api", "api");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task WhatIsUploadedAtTheApi_IsTrainedAtAWorker_AndServedByEach()
    {
        await StartAsync("worker", "worker");
        await UploadAsync("colours");
        await _api.UntilAsync("/datasets/colours", set => set.GetProperty("status").GetString() == "ready");
        var run = await _api.StartAsync(
            "/train", $$"""{"dataset":"colours","model":"m","precision":"float32","epochs":8,"seed":3,{{ServiceClient.SmallNetwork}}}""");
        await _api.EndsAsync(run, "succeeded");

        var second = await StartAsync("second", "api");
        var (onnx, same) = (await HashAsync(_api, "/models/m/versions/1/onnx"), await HashAsync(second, "/models/m/versions/1/onnx"));
        Assert.Equal(onnx, same);
        foreach (var api in new[] { _api, second })
        {
            Assert.Equal("red", await ClassifyAsync(api));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, $"/runs/{run}/evaluation"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, $"/runs/{run}/confusion.png"));
            var page = await api.GetAsync("/datasets/colours/images?limit=3");
            var id = page.GetProperty("items")[0].GetProperty("id").GetString();
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, $"/datasets/colours/images/{id}?size=32"));
        }

        using var deleted = await second.Client.DeleteAsync(ServiceClient.Relative("/models/m"), Cancel);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.DoesNotContain(Stored(), file => file.Contains("/models/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARunWhoseMachineIsLost_GoesOnFromItsCheckpoint_OnAnother()
    {
        string[] fast = ["--Work:Lease=00:00:05", "--Work:RecoverEvery=00:00:02", "--Training:CheckpointEvery=00:00:01"];
        var first = await StartAsync("first", "worker", fast);
        await _api.ImportSampleAsync();
        var run = await _api.TrainAsync("m", epochs: 5000);
        await Eventually.IsAsync(() => FilesAsync(run), files => files is not null);
        await first.KillAsync();
        Directory.Delete(Path.Combine(_folder.Path, "first"), recursive: true);
        var (epoch, spent) = ((await _api.GetAsync($"/runs/{run}")).Epoch(), await FirstEpochSecondsAsync(run));

        await StartAsync("heir", "worker", fast);
        await _api.UntilAsync($"/runs/{run}", now => now.Epoch() > epoch);

        await _api.PostAsync($"/runs/{run}/cancel", null);
        await _api.EndsAsync(run, "cancelled");
        var epochs = await _api.EpochsAsync(run);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
        Assert.Equal(spent, await FirstEpochSecondsAsync(run)); // It was not trained anew.
    }

    [Fact]
    public async Task WhileTheStoreIsAway_TrainingGoesOn_AndNothingIsLost()
    {
        await StartAsync("worker", "worker", "--Work:RetryPause=00:00:01");
        await _api.ImportSampleAsync();
        var run = await _api.TrainAsync("m", epochs: 60);
        await _api.UntilAsync($"/runs/{run}", now => now.Epoch() >= 2);
        await _server.StopAsync();
        await _api.UntilAsync($"/runs/{run}", now => now.Epoch() >= 12);

        await _server.StartAgainAsync();

        await _api.EndsAsync(run, "succeeded");
        var versions = (await _api.GetAsync("/models/m")).GetProperty("versions").EnumerateArray();
        Assert.Single(versions);
    }

    /// <summary>Forty images each of reds and blues, no two alike.</summary>
    private static IEnumerable<(string Path, byte Red, byte Green, byte Blue)> Images() =>
        from at in Enumerable.Range(0, 40)
        from isRed in new[] { true, false }
        select isRed
            ? ($"red/{at}.png", (byte)(200 + at), (byte)at, (byte)at)
            : ($"blue/{at}.png", (byte)at, (byte)at, (byte)(200 + at));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<ServiceProcess> StartAsync(string machine, string role, params string[] settings)
    {
        var process = await ServiceProcess.StartAsync(
            Path.Combine(_folder.Path, machine), [.. _settings, $"--Host:Roles={role}", .. settings]);
        _processes.Add(process);
        return process;
    }

    /// <summary>What the run's row names in the store; null: nothing yet.</summary>
    private async Task<string?> FilesAsync(string run)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand("select files from runs where id = $1", connection);
        command.Parameters.Add(new() { Value = run });
        return await command.ExecuteScalarAsync(Cancel) as string;
    }

    private async Task<double> FirstEpochSecondsAsync(string run) =>
        (await _api.GetAsync($"/runs/{run}/history"))[0].GetProperty("seconds").GetDouble();

    private async Task UploadAsync(string name)
    {
        using var form = new MultipartFormDataContent();
        using var text = new StringContent(name);
        using var file = new ByteArrayContent(ColourDataset.Archive([.. Images()]));
        form.Add(text, "name");
        form.Add(file, "file", "colours.zip");
        using var answer = await _api.Client.PostAsync(ServiceClient.Relative("/datasets"), form, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<string> HashAsync(ServiceProcess api, string path) =>
        Convert.ToHexString(SHA256.HashData(await api.Client.GetByteArrayAsync(ServiceClient.Relative(path), Cancel)));

    private static async Task<HttpStatusCode> StatusAsync(ServiceProcess api, string path)
    {
        using var answer = await api.Client.GetAsync(ServiceClient.Relative(path), Cancel);
        return answer.StatusCode;
    }

    private static async Task<string?> ClassifyAsync(ServiceProcess api)
    {
        using var image = new ByteArrayContent(RedOrBlue.Image(250, 5, 5));
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var answer = await api.Client.PostAsync(ServiceClient.Relative("/classify?model=m"), image, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return json.GetProperty("results")[0].GetProperty("label").GetString();
    }

    private IEnumerable<string> Stored() =>
        Directory.EnumerateFiles(_server.Data, "*", SearchOption.AllDirectories).Select(file => file[_server.Data.Length..]);
}
