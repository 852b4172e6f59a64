using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Tests.Shared;
using CnnService.Web.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Tests.Work;

/// <summary>Whole trainings by the service as users run it, its training process among them, through deaths of either.</summary>
public sealed class TrainingProcessTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cnnservice-training-");
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await ServiceProcess.StartAsync(_data.FullName);
        await _service.ImportSampleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Service_KilledInMidRun_GoesOnAfterARestartToTheSameWeights()
    {
        const int Epochs = 9; // Seconds on the fastest machine: it must be caught at work.
        var straight = await _service.TrainAsync("straight", epochs: Epochs);
        await _service.EndsAsync(straight, "succeeded");
        var killed = await _service.TrainAsync("killed", epochs: Epochs);
        await _service.UntilAsync($"/runs/{killed}", run => run.Epoch() >= 2);
        var child = await _service.TrainingProcessAsync();

        await RestartAsync(service => service.KillAsync());

        await GoneAsync(child);
        await _service.EndsAsync(killed, "succeeded");
        Assert.Equal(Enumerable.Range(1, Epochs), await _service.EpochsAsync(killed));
        Assert.Equal(await WeightsAsync("straight"), await WeightsAsync("killed"));
        Assert.Equal(Snapshots(straight), Snapshots(killed));
        await IsJudgedAsync(killed, epochs: Epochs);
        Assert.False(Directory.Exists(Path.Combine(Newest(killed), "checkpoints")));
        Assert.Equal(1,
            Assert.Single((await _service.GetAsync("/models/killed")).GetProperty("versions").EnumerateArray()).GetProperty("version")
            .GetInt32());
    }

    [Fact]
    [LongProof]
    public async Task Run_OverOrGone_HasItsFilmAndTakesItAlong()
    {
        var id = await _service.TrainAsync("filmed", epochs: 3);
        await _service.EndsAsync(id, "succeeded");

        var film = await _service.GetAsync($"/runs/{id}/film?class=circle&format=json&wait=200");

        Assert.Equal([0, 1, 2, 3], film.GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("epoch").GetInt32()));
        Assert.Equal(JsonValueKind.Number, film.GetProperty("frames")[3].GetProperty("validationAccuracy").ValueKind);
        var none = await _service.StartAsync("/train",
            $$"""{"dataset":"shapes","model":"none","epochs":1,"snapshotMebibytes":0,{{ServiceClient.SmallNetwork}}}""");
        await _service.EndsAsync(none, "succeeded");
        Assert.False(Directory.Exists(Path.Combine(Newest(none), "snapshots")));

        using var deleted = await _service.Client.DeleteAsync(ServiceClient.Relative($"/runs/{id}"));

        Assert.True(deleted.IsSuccessStatusCode);
        Assert.False(Directory.Exists(Path.Combine(_data.FullName, "runs", id)));
    }

    [LongProof]
    [Fact]
    public async Task Service_KilledBeforeItReadOfTheEnd_PublishesAndWritesTheLastEpoch()
    {
        var id = await _service.TrainAsync("ended", epochs: 3);
        await _service.EndsAsync(id, "succeeded");
        var weights = await WeightsAsync("ended");

        await RestartAsync(async service =>
        {
            await service.KillAsync();
            await ForgetEndAsync(id);
        });

        var version = (await _service.EndsAsync(id, "succeeded")).GetProperty("version").GetInt32(); // A new one: no number is given twice.
        Assert.Equal(Enumerable.Range(1, 3), await _service.EpochsAsync(id));
        Assert.Equal(weights, await WeightsAsync("ended", version));
    }

    [LongProof]
    [Fact]
    public async Task Service_ToldToStop_LeavesTheRunQueuedAndGoesOnLater()
    {
        await _service.DisposeAsync();
        _service = await ServiceProcess.StartAsync(_data.FullName, "--Training:StopWithin=00:05:00"); // However busy the machine is.
        var id = await _service.TrainAsync("stopped", epochs: 2000);
        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() >= 2);

        await RestartAsync(async service => Assert.Equal(0, await service.StopAsync()));

        await _service.UntilAsync($"/runs/{id}", run => run.GetProperty("state").GetString() == "running");
        await _service.PostAsync($"/runs/{id}/cancel", null);
        await _service.EndsAsync(id, "cancelled");
        Assert.Equal(["queued", "running", "queued", "running", "cancelled"], await _service.StatesAsync(id));
    }

    [LongProof]
    [Fact]
    public async Task Process_KilledTwiceBeforeACheckpoint_FailsTheRunAndNotTheService()
    {
        // Ten seconds and more an epoch.
        var id = await _service.StartAsync("/train", """{"dataset":"shapes","epochs":3,"precision":"float32"}""");
        var killed = new HashSet<int>();
        while (killed.Count < 2)
        {
            var child = await _service.TrainingProcessAsync(killed);
            killed.Add(child);
            await _service.UntilAsync($"/runs/{id}", run => run.GetProperty("device").ValueKind == JsonValueKind.String);
            using var process = Process.GetProcessById(child);
            process.Kill();
        }

        var failure = (await _service.EndsAsync(id, "failed")).GetProperty("failure");

        Assert.Equal("run.crash-loop", failure.GetProperty("code").GetString());
        Assert.Contains("ended with code 137", failure.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _service.EndsAsync(await _service.TrainAsync("next", epochs: 1), "succeeded");
    }

    [LongProof]
    [Fact]
    public async Task Process_StoppedByOthersAtEachStart_IsNotTriedForEver()
    {
        await _service.DisposeAsync();
        _service = await ServiceProcess.StartAsync(_data.FullName, "--Training:MaxAttempts=2");
        var id = await _service.StartAsync("/train", """{"dataset":"shapes","epochs":3,"precision":"float32"}""");
        var stopped = new HashSet<int>();
        while (stopped.Count < 2)
        {
            var child = await _service.TrainingProcessAsync(stopped);
            stopped.Add(child);
            await Eventually.IsAsync(() => Task.FromResult(HasLoadedTheEngine(child)), catches => catches);
            using var kill = Process.Start("kill", ["-TERM", child.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        var failure = (await _service.EndsAsync(id, "failed")).GetProperty("failure");

        Assert.Equal("run.crash-loop", failure.GetProperty("code").GetString());
        Assert.Contains("signal from outside", failure.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [LongProof]
    public async Task Process_AtWork_YieldsToTheServiceAndStopsSoonWhenCancelled()
    {
        var id = await _service.TrainAsync("cancelled", epochs: 5000);
        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() >= 3);
        var child = await _service.TrainingProcessAsync();
        Assert.Equal("500", (await File.ReadAllTextAsync($"/proc/{child}/oom_score_adj")).Trim());
        await Eventually.IsAsync(() => Task.FromResult(BusiestThreadsNice(child)), nice => nice == 10); // At first the compiler is.

        await _service.PostAsync($"/runs/{id}/cancel", null);
        await _service.EndsAsync(id, "cancelled");
        await GoneAsync(child);
        var epoch = (await _service.GetAsync($"/runs/{id}")).Epoch();
        // As if nobody had lived to write it.
        await InStoreAsync(store => store.Epochs.Where(row => row.RunId == id && row.Epoch == 2).ExecuteDeleteAsync());
        await _service.PostAsync($"/runs/{id}/resume", null);

        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() > epoch);
        await _service.PostAsync($"/runs/{id}/cancel", null);
        await _service.EndsAsync(id, "cancelled");
        var epochs = await _service.EpochsAsync(id);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
    }

    /// <summary>Ten times, since the libraries' destructors crashed the computing thread only sometimes.</summary>
    [Fact]
    [LongProof]
    public async Task Process_WhoseParentIsGone_EndsWithItsCodeAndDoesNotCrash()
    {
        var id = await _service.TrainAsync("orphan", epochs: 5000);
        await _service.UntilAsync($"/runs/{id}", run => run.Epoch() >= 1);
        await _service.PostAsync($"/runs/{id}/cancel", null);
        await _service.EndsAsync(id, "cancelled");

        for (var time = 0; time < 10; time++)
        {
            var start = ServiceProcess.Program("train-run", Newest(id));
            start.RedirectStandardInput = true;
            using var child = Process.Start(start)!;
            await child.StandardInput.WriteLineAsync($"lease 1 {long.MaxValue}");
            for (var lines = 0; lines < 20; lines++)
            {
                Assert.NotNull(await child.StandardOutput.ReadLineAsync());
            }

            child.StandardInput.Close();
            await child.WaitForExitAsync();

            Assert.Equal(3, child.ExitCode);
        }
    }

    /// <summary>Field 19 of stat, of the thread that computed longest.</summary>
    private static int BusiestThreadsNice(int process) => Directory.GetDirectories($"/proc/{process}/task")
        .Select(Stat).OfType<string>()
        .Select(stat => stat[(stat.LastIndexOf(')') + 2)..].Split(' '))
        .MaxBy(fields => long.Parse(fields[11], CultureInfo.InvariantCulture)) is { } busiest
        ? int.Parse(busiest[16], CultureInfo.InvariantCulture)
        : 0;

    /// <summary>It handles signals by then.</summary>
    private static bool HasLoadedTheEngine(int process) =>
        File.ReadAllText($"/proc/{process}/maps").Contains("libtorch", StringComparison.Ordinal);

    /// <summary>Null where the thread has ended since it was listed, as one that wrote a checkpoint does.</summary>
    private static string? Stat(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "stat"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task GoneAsync(int process)
    {
        for (var waited = Stopwatch.StartNew(); Directory.Exists($"/proc/{process}"); await Task.Delay(50))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(30), $"the training process {process} outlives its run");
        }
    }

    /// <summary>The folder of a run's newest attempt.</summary>
    private string Newest(string id) =>
        Directory.GetDirectories(Path.Combine(_data.FullName, "runs", id, "attempts")).Max(StringComparer.Ordinal)!;

    /// <summary>Epoch and hash of what a run has kept for its film.</summary>
    private (string Epoch, string Hash)[] Snapshots(string id) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Newest(id), "snapshots"), "*.safetensors", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(Path.GetDirectoryName(file))!,
                Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))),
    ];

    /// <summary>Puts all back to where the training process has written its package, and its worker has not read so: the service must be
    /// down.</summary>
    private async Task ForgetEndAsync(string id)
    {
        Directory.Move(Path.Combine(_data.FullName, "models", "ended", "1"), Path.Combine(Newest(id), "package"));
        await InStoreAsync(async store =>
        {
            await store.Epochs.Where(row => row.RunId == id && row.Epoch == 3).ExecuteDeleteAsync();
            await store.ModelVersions.Where(row => row.RunId == id).ExecuteDeleteAsync();
            return await store.Runs.Where(row => row.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Work.State, WorkState.Running)
                .SetProperty(row => row.Work.LeaseUntil, DateTimeOffset.UnixEpoch)
                .SetProperty(row => row.Version, (int?)null)
                .SetProperty(row => row.Work.FinishedAt, (DateTimeOffset?)null));
        });
    }

    /// <summary>Changes one row at least.</summary>
    private async Task InStoreAsync(Func<StoreContext, Task<int>> change)
    {
        var file = Path.Combine(_data.FullName, "cnnservice.db");
        await using var store = new SqliteStoreContext(
            new DbContextOptionsBuilder<SqliteStoreContext>().UseSqlite($"Data Source={file};Pooling=False").Options);
        Assert.True(await change(store) > 0);
    }

    private async Task RestartAsync(Func<ServiceProcess, Task> end)
    {
        await end(_service);
        await _service.DisposeAsync();
        _service = await ServiceProcess.StartAsync(_data.FullName);
    }

    /// <summary>The run tells what its network is worth and what to do, and its log for TensorBoard is one file of all epochs.</summary>
    private async Task IsJudgedAsync(string id, int epochs)
    {
        var evaluation = await _service.GetAsync($"/runs/{id}/evaluation");
        Assert.Equal("validation", evaluation.GetProperty("split").GetString());
        Assert.Equal(evaluation.GetProperty("images").GetInt32(),
            evaluation.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(cell => cell.GetInt32())));
        var best = (await _service.GetAsync($"/runs/{id}")).GetProperty("metrics").GetProperty("best");
        Assert.Equal(best.GetProperty("epoch").GetInt32(), evaluation.GetProperty("epoch").GetInt32());
        Assert.Equal(best.GetProperty("validationAccuracy").GetDouble(), evaluation.GetProperty("accuracy").GetDouble(), 1e-9);
        // The evaluation judges what is served: the calibrated probabilities. Calibration changes the loss a little and no answer.
        Assert.InRange(evaluation.GetProperty("loss").GetDouble() / best.GetProperty("validationLoss").GetDouble(), 0.9, 1.02);
        var advice = (await _service.GetAsync($"/runs/{id}/advice"))[0].GetProperty("code").GetString();
        Assert.Contains($"Advice ({advice})", await _service.Client.GetStringAsync(ServiceClient.Relative($"/runs/{id}/events")),
            StringComparison.Ordinal);
        await using var archive = new ZipArchive(await _service.Client.GetStreamAsync(ServiceClient.Relative($"/runs/{id}/tensorboard")));
        await using var events = await Assert.Single(archive.Entries).OpenAsync();
        using var text = new StreamReader(events, System.Text.Encoding.Latin1);
        Assert.Equal(epochs, (await text.ReadToEndAsync()).Split("loss/train").Length - 1);
    }

    private async Task<string> WeightsAsync(string model, int version = 1) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                await _service.Client.GetByteArrayAsync(ServiceClient.Relative($"/models/{model}/versions/{version}/weights"))));
}
