using System.Diagnostics;
using System.Globalization;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Persistence;

namespace CnnService.Web.Tests.Work;

/// <summary>Two workers with much to do, or with no processor to do it on: nothing is done twice.</summary>
/// <param name="postgres">The tests' own server.</param>
[LongProof]
public sealed class BusyWorkersTests(PostgresServer postgres)
{
    private static readonly TimeSpan Starved = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task ManyShortRuns_OfTwoWorkers_AreEachCarriedOutOnce()
    {
        await using var split = await SplitService.StartAsync(postgres, "--Work:Lease=00:00:05", "--Work:RecoverEvery=00:00:01");
        await split.Api.ImportSampleAsync();
        var runs = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            runs.Add(await split.Api.TrainAsync("m", epochs: 1));
        }

        foreach (var run in runs)
        {
            await split.Api.EndsAsync(run, "succeeded");
            Assert.Equal(["queued", "running", "succeeded"], await split.Api.StatesAsync(run));
        }

        var versions = (await split.Api.GetAsync("/models/m")).GetProperty("versions").EnumerateArray().ToArray();
        Assert.Equal(runs.Order(), versions.Select(version => version.GetProperty("origin").GetProperty("runId").GetString()!).Order());
    }

    [Fact]
    public async Task Worker_ThatHardlyGetsTheProcessor_KeepsItsLease()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/taskset"), "needs taskset");
        await using var split = await SplitService.StartAsync(postgres);
        await split.Api.ImportSampleAsync();
        var run = await split.Api.TrainAsync("m", epochs: 10_000);
        await split.Api.UntilAsync($"/runs/{run}", now => now.Epoch() >= 2);
        var worker = Assert.Single(split.Workers, worker => worker.TrainingProcesses().Any());
        var child = Assert.Single(worker.TrainingProcesses());
        foreach (var process in new[] { worker.Id, child })
        {
            using var pinned = Process.Start("taskset", ["-a", "-p", "-c", "0", process.ToString(CultureInfo.InvariantCulture)]);
            await pinned.WaitForExitAsync();
        }

        var others = Enumerable.Range(0, 4).Select(_ => Process.Start("taskset", ["-c", "0", "sh", "-c", "while :; do :; done"])).ToList();
        try
        {
            await Task.Delay(Starved);
        }
        finally
        {
            others.ForEach(other => other.Kill());
            others.ForEach(other => other.Dispose());
        }

        Assert.Equal([child], split.Workers.SelectMany(one => one.TrainingProcesses()));
        await split.Api.PostAsync($"/runs/{run}/cancel", null);
        await split.Api.EndsAsync(run, "cancelled");
        Assert.Equal(["queued", "running", "cancelled"], await split.Api.StatesAsync(run));
    }
}
