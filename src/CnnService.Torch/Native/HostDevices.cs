using CnnService.Core.Common;
using CnnService.Core.Training;
using static TorchSharp.torch;

namespace CnnService.Torch.Native;

/// <summary>This host's processor and its first GPU.</summary>
/// <param name="runtime">Tells which devices there are.</param>
internal sealed class HostDevices(TorchRuntime runtime) : IDevices
{
    private const string FirstGpu = "cuda:0";

    public Outcome<Device> Choose(DeviceChoice wanted) => runtime.Status.Bind(host => Choose(wanted, host.Devices));

    internal static Outcome<Device> Choose(DeviceChoice wanted, IReadOnlyList<string> present)
    {
        var hasGpu = present.Contains(FirstGpu);
        return wanted switch
        {
            DeviceChoice.Cuda when !hasGpu => Problem.Unprocessable(
                "training.device-unavailable", $"The plan asks for cuda, but this host has only {string.Join(", ", present)}."),
            DeviceChoice.Cpu => CPU,
            _ => hasGpu ? device(FirstGpu) : CPU,
        };
    }
}
