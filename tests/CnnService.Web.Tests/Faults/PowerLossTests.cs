using CnnService.Tests.Shared;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Faults;

/// <summary>What is left of a service when its machine loses power at any moment: all that it had answered, and whole files.</summary>
[LongProof]
public sealed class PowerLossTests
{
    [Fact]
    public async Task PowerLoss_AtAnyMoment_KeepsEveryAnswer_AndTheRunGoesOn()
    {
        using var disk = LossyDisk.Create(megabytes: 1024);
        var crashes = new List<(LossyDisk Disk, string[] Answered, int Epoch)>();
        await using (var service = await StartAsync(disk))
        {
            await service.ImportSampleAsync();
            var answered = new List<string> { await service.TrainAsync("long", epochs: 5000) };
            for (var crash = 0; crash < 5; crash++)
            {
                for (var i = 0; i < 10; i++)
                {
                    answered.Add(await service.TrainAsync($"m{answered.Count}", epochs: 1));
                }

                var epoch = (await service.UntilAsync($"/runs/{answered[0]}", run => run.Epoch() >= (crash + 1) * 2)).Epoch();
                crashes.Add((disk.LosePower(), [.. answered], epoch));
            }
        }

        foreach (var (left, answered, epoch) in crashes)
        {
            using (left)
            {
                await using var service = await StartAsync(left);
                foreach (var id in answered)
                {
                    Assert.Equal(id, (await service.GetAsync($"/runs/{id}")).GetProperty("id").GetString());
                }

                Assert.Equal("ready", (await service.GetAsync("/datasets/shapes")).GetProperty("status").GetString());
                await service.UntilAsync($"/runs/{answered[0]}", run => run.Epoch() > epoch);
                var epochs = await service.EpochsAsync(answered[0]);
                Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
                await service.KillAsync();
            }
        }
    }

    private static Task<ServiceProcess> StartAsync(LossyDisk disk) => ServiceProcess.StartAsync(
        Path.Combine(disk.Path, "data"), "--Training:CheckpointEvery=00:00:01", "--Disk:MinFreeBytes=0");
}
