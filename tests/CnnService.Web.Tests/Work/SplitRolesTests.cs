using System.Diagnostics;
using System.Globalization;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Persistence;

namespace CnnService.Web.Tests.Work;

/// <summary>One process that answers and two that work, over PostgreSQL and one folder.</summary>
/// <param name="postgres">The tests' own server.</param>
public sealed class SplitRolesTests(PostgresServer postgres) : IAsyncLifetime
{
    private SplitService _split = null!;

    private ServiceProcess Api => _split.Api;

    public async ValueTask InitializeAsync() =>
        _split = await SplitService.StartAsync(postgres, "--Work:Lease=00:00:05", "--Work:RecoverEvery=00:00:02");

    public ValueTask DisposeAsync() => _split.DisposeAsync();

    [LongProof]
    [Fact]
    public async Task Runs_OfTwoWorkers_AreEachCarriedOutOnce()
    {
        await Api.ImportSampleAsync();
        var runs = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            runs.Add(await Api.TrainAsync("m", epochs: 1));
        }

        foreach (var run in runs)
        {
            await Api.EndsAsync(run, "succeeded");
            Assert.Equal(["queued", "running", "succeeded"], await Api.StatesAsync(run));
        }

        var versions = (await Api.GetAsync("/models/m")).GetProperty("versions").EnumerateArray().ToArray();
        Assert.Equal(runs.Order(), versions.Select(version => version.GetProperty("origin").GetProperty("runId").GetString()!).Order());
    }

    [LongProof]
    [Fact]
    public async Task Worker_KilledInMidRun_IsReplacedByTheOther()
    {
        await Api.ImportSampleAsync();
        var run = await Api.TrainAsync("m", epochs: 5000);
        await Api.UntilAsync($"/runs/{run}", now => now.Epoch() >= 2);
        var killed = Assert.Single(_split.Workers, worker => worker.TrainingProcesses().Any());

        await killed.KillAsync();

        var epoch = (await Api.GetAsync($"/runs/{run}")).Epoch();
        await _split.Workers.Single(worker => worker != killed).TrainingProcessAsync();
        await Api.UntilAsync($"/runs/{run}", now => now.Epoch() > epoch + 1);
        await Api.PostAsync($"/runs/{run}/cancel", null);
        await Api.EndsAsync(run, "cancelled");
        var epochs = await Api.EpochsAsync(run);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
    }

    [Fact]
    [LongProof]
    public async Task Worker_FrozenInMidRun_IsOvertaken_AndItsTrainingHasStoppedBefore()
    {
        await Api.ImportSampleAsync();
        var run = await Api.TrainAsync("m", epochs: 5000);
        await Api.UntilAsync($"/runs/{run}", now => now.Epoch() >= 2);
        var frozen = Assert.Single(_split.Workers, worker => worker.TrainingProcesses().Any());
        var orphan = Assert.Single(frozen.TrainingProcesses());

        await SignalAsync(frozen.Id, "STOP");

        var heir = _split.Workers.Single(worker => worker != frozen);
        await heir.TrainingProcessAsync();
        var epoch = (await Api.GetAsync($"/runs/{run}")).Epoch();
        await Api.UntilAsync($"/runs/{run}", now => now.Epoch() > epoch + 1); // By now it has ended the step that it was in.
        var training = Assert.Single(heir.TrainingProcesses());
        var (rested, worked) = (ProcessorTicks(orphan), ProcessorTicks(training));
        await Api.UntilAsync($"/runs/{run}", now => now.Epoch() > epoch + 3);
        Assert.InRange(ProcessorTicks(orphan) - rested, 0, (ProcessorTicks(training) - worked) / 10); // It waits, and has its memory still.
        Assert.Equal("000002",
            Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(_split.Data, "runs", run, "attempts")))));

        await SignalAsync(frozen.Id, "CONT");

        await Eventually.IsAsync(() => Task.FromResult(Directory.Exists($"/proc/{orphan}")), isThere => !isThere);
        await Api.PostAsync($"/runs/{run}/cancel", null);
        await Api.EndsAsync(run, "cancelled");
        Assert.Single(Directory.GetDirectories(Path.Combine(_split.Data, "runs", run, "attempts")));
        var epochs = await Api.EpochsAsync(run);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
        Assert.Equal(["queued", "running", "running", "cancelled"], await Api.StatesAsync(run));
    }

    /// <summary>Fields 14 and 15 of stat, in hundredths of a second.</summary>
    private static long ProcessorTicks(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static async Task SignalAsync(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
