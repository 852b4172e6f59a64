using CnnService.Core.Common;
using CnnService.Core.Training;
using static TorchSharp.torch;

namespace CnnService.Torch.Native;

/// <summary>The devices that libtorch can compute on.</summary>
internal interface IDevices
{
    /// <summary>
    /// The device that a choice stands for. A GPU that is asked for by name is never replaced by another device. Problems:
    /// <c>training.device-unavailable</c>, <c>torch.unavailable</c>.
    /// </summary>
    Outcome<Device> Choose(DeviceChoice wanted);
}
