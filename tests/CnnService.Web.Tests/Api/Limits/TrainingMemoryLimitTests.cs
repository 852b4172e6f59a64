using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Api.Limits;

public class TrainingMemoryLimitTests
{
    [Theory]
    [InlineData(DeviceChoice.Cpu, true, true)]
    [InlineData(DeviceChoice.Auto, true, false)]
    [InlineData(DeviceChoice.Auto, false, true)]
    [InlineData(DeviceChoice.Cuda, false, false)] // The worker may be on another host.
    public void Check_LargerThanTheHostsMemory_IsRefusedWhereTheProcessorTrains(DeviceChoice device, bool hasGpu, bool isRefused)
    {
        var problem = TrainingMemoryLimit.Check(
            SomePlan.Create(device).Resolve().Value, maxBytes: 1024, new Host(hasGpu ? ["cpu", "cuda:0"] : ["cpu"]));

        Assert.Equal(isRefused ? "training.too-large" : null, problem?.Code);
    }

    [Fact]
    public void Check_ThatFits_AsksForNoDevice() =>
        Assert.Null(TrainingMemoryLimit.Check(SomePlan.Create().Resolve().Value, maxBytes: 1e12, new Host(null)));

    /// <summary>A host with these devices; none: must not be asked.</summary>
    private sealed class Host(string[]? devices) : ITorchRuntime
    {
        public Outcome<TorchRuntimeInfo> Status => devices is null
            ? throw new InvalidOperationException("Nobody needs to know.")
            : new TorchRuntimeInfo("2.10.0", "/none", devices, 2, false);
    }
}
