using CnnService.Tests.Shared;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Faults;

/// <summary>A training that takes more memory than the machine has is killed by the kernel, alone.</summary>
[LongProof]
public sealed class OutOfMemoryTests
{
    /// <summary>Its first convolution alone takes more than the limit for one batch.</summary>
    private const string Glutton = """
        {"dataset":"shapes","model":"glutton","epochs":1,"precision":"float32","batchSize":4096,"architecture":{
        "input":{"height":160,"width":160,"channels":3},"layers":[{"type":"conv2d","name":"wide","filters":256,"kernelSize":3},
        {"type":"globalAveragePooling2d"},{"type":"dense","name":"output","units":"classes"}]}}
        """;

    [Fact]
    public async Task TrainingBeyondTheMemory_FailsAlone_AndTheNextRunSucceeds()
    {
        using var data = new TemporaryFolder();
        using var limit = new MemoryLimit(megabytes: 1500);
        await using var service = await ServiceProcess.StartAsync(
            data.Path, "--Training:MaxMemoryMebibytes=1000000", "--Disk:MinFreeBytes=0");
        await service.ImportSampleAsync();
        limit.Apply(service.Id);
        var glutton = await service.StartAsync("/train", Glutton);
        var next = await service.TrainAsync("next", epochs: 1);

        var failed = await service.EndsAsync(glutton, "failed");

        Assert.Equal("run.crash-loop", failed.GetProperty("failure").GetProperty("code").GetString());
        await service.EndsAsync(next, "succeeded");
        Assert.Equal(["queued", "running", "queued", "running", "failed"], await service.StatesAsync(glutton));
        Assert.False(service.HasExited);
        await service.StopAsync();
    }
}
