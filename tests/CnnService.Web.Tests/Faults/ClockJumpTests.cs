using CnnService.Tests.Shared;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Faults;

/// <summary>The wall clock jumps by an hour or a day while a training runs, by libfaketime; durations have another clock.</summary>
[LongProof]
public sealed class ClockJumpTests
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    [Fact]
    public async Task ClockThatJumps_OnSqlite_TakesNoWorkOver() => await AssertGoesOnAsync();

    [Fact]
    public async Task ClockThatJumps_OnPostgres_TakesNoWorkOver()
    {
        await using var postgres = new PostgresServer();
        await AssertGoesOnAsync($"--ConnectionStrings:Postgres={await postgres.NewDatabaseAsync()}");
    }

    private static async Task AssertGoesOnAsync(params string[] settings)
    {
        Assert.SkipUnless(File.Exists(Library), "needs libfaketime (Debian: libfaketime)");
        using var folder = new TemporaryFolder();
        var clock = Path.Combine(folder.Path, "clock");
        await File.WriteAllTextAsync(clock, "+0");
        var environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library,
            ["FAKETIME_TIMESTAMP_FILE"] = clock,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0", // Else waits by that clock return at once.
        };
        await using var service = await ServiceProcess.StartAsync(
            Path.Combine(folder.Path, "data"), environment, ["--Work:Lease=00:00:03", "--Disk:MinFreeBytes=0", .. settings]);
        await service.ImportSampleAsync();
        var id = await service.TrainAsync("m", epochs: 5000);
        await service.UntilAsync($"/runs/{id}", run => run.Epoch() >= 2);
        var child = await service.TrainingProcessAsync();

        foreach (var jump in new[] { "+1h", "-1d", "+0" })
        {
            await File.WriteAllTextAsync(clock, jump);
            var epoch = (await service.GetAsync($"/runs/{id}")).Epoch();
            var later = await service.UntilAsync($"/runs/{id}", run => run.Epoch() > epoch + 3);
            Assert.InRange(later.GetProperty("progress").GetProperty("etaSeconds").GetDouble(), 0, 86_400);
            await service.ImportSampleAsync($"shapes-{jump.Trim('+', '-')}");
        }

        Assert.Equal(child, Assert.Single(service.TrainingProcesses()));
        await service.PostAsync($"/runs/{id}/cancel", null);
        await service.EndsAsync(id, "cancelled");
        Assert.Equal(["queued", "running", "cancelled"], await service.StatesAsync(id));
        var epochs = await service.EpochsAsync(id);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
    }
}
