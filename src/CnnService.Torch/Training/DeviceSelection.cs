using CnnService.Core.Common;
using CnnService.Core.Training;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Chooses the device of a training plan. Problem: <c>training.device-unavailable</c>.</summary>
internal static class DeviceSelection
{
    private const string FirstGpu = "cuda:0";

    internal static Outcome<Device> Choose(DeviceChoice wanted, TorchRuntimeInfo runtime)
    {
        var hasGpu = runtime.Devices.Contains(FirstGpu);
        return wanted switch
        {
            DeviceChoice.Cuda when !hasGpu => Problem.Unprocessable(
                "training.device-unavailable", $"The plan asks for cuda, but this host has only {string.Join(", ", runtime.Devices)}."),
            DeviceChoice.Cpu => CPU,
            _ => hasGpu ? device(FirstGpu) : CPU,
        };
    }
}
