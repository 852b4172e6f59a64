using System.Net;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Work;

/// <summary>The service as users run it, on a disk that runs full under it.</summary>
public sealed class FullDiskTests
{
    /// <summary>Its checkpoints are larger than what the service keeps in reserve for its database.</summary>
    private const string LongRun = """
        {"dataset":"shapes","model":"m","epochs":5000,"precision":"float32","batchSize":64,"architecture":{"input":{"height":16,"width":16,"channels":3},"layers":[
        {"type":"conv2d","name":"conv","filters":16,"kernelSize":3,"activation":"relu"},{"type":"maxPooling2d","poolSize":2},
        {"type":"flatten"},{"type":"dense","name":"wide","units":6000,"activation":"relu"},{"type":"dense","name":"output","units":"classes"}]}}
        """;

    [LongProof]
    [Fact]
    public async Task DiskThatRunsFull_EndsTheRunWithItsReason_AndTheRunGoesOnWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount(megabytes: 600);
        await using var service = await ServiceProcess.StartAsync(Path.Combine(disk.Path, "data"), "--Training:CheckpointEvery=00:00:01");
        await service.ImportSampleAsync();
        var id = await service.StartAsync("/train", LongRun);
        await service.UntilAsync($"/runs/{id}", now => now.Epoch() >= 2);

        disk.Fill();

        var failed = await service.EndsAsync(id, "failed");
        Assert.Equal("storage.full", failed.GetProperty("failure").GetProperty("code").GetString());
        using var request = new StringContent(LongRun, System.Text.Encoding.UTF8, "application/json");
        using var refused = await service.Client.PostAsync(ServiceClient.Relative("/train"), request);
        await ProblemAssert.IsAsync(refused, HttpStatusCode.InsufficientStorage, "storage.full");
        Assert.Equal("ready", (await service.GetAsync("/datasets/shapes")).GetProperty("status").GetString());

        disk.Free();
        await service.PostAsync($"/runs/{id}/resume", null);

        await service.UntilAsync($"/runs/{id}", now => now.Epoch() > failed.Epoch());
        var epochs = await service.EpochsAsync(id);
        Assert.Equal(Enumerable.Range(1, epochs.Length), epochs);
    }
}
