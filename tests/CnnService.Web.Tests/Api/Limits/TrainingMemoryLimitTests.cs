using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Api.Limits;

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
        var problem = TrainingMemoryLimit.Check(Planned(device), maxBytes: 1024, new Host(hasGpu ? ["cpu", "cuda:0"] : ["cpu"]));

        Assert.Equal(isRefused ? "training.too-large" : null, problem?.Code);
    }

    [Fact]
    public void Check_ThatFits_AsksForNoDevice() =>
        Assert.Null(TrainingMemoryLimit.Check(Planned(DeviceChoice.Auto), maxBytes: 1e12, torch: new Host(null)));

    private static PlannedTraining Planned(DeviceChoice device)
    {
        Assert.True(PresetCatalog.TryFind("lenet5", out var preset));
        return new TrainingPlan
        {
            RunId = "run",
            DatasetFolder = "/none",
            Dataset = "pets",
            DatasetDigest = "0",
            Classes = ["cats", "dogs"],
            Architecture = "lenet5",
            Network = preset.Create(2),
            Preprocessing = Core.Models.Preprocessing.Create(Core.Models.NormalizationKind.Rescale, preset.DefaultInput.Channels, [], []),
            Device = device,
        }.Resolve().Value;
    }

    /// <summary>A host with these devices; none: must not be asked.</summary>
    private sealed class Host(string[]? devices) : ITorchRuntime
    {
        public Outcome<TorchRuntimeInfo> Status => devices is null
            ? throw new InvalidOperationException("Nobody needs to know.")
            : new TorchRuntimeInfo("2.10.0", "/none", devices, 2, false);
    }
}
