using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>
/// Resolves the precision "auto": bfloat16 if the device multiplies it in hardware, which is about twice as fast, else float32.
/// </summary>
internal static class PrecisionSelection
{
    private const int Ampere = 8;

    /// <summary>Problem: <c>training.device-unavailable</c>.</summary>
    internal static Outcome<Precision> Choose(Precision wanted, Device device) => wanted != Precision.Auto
        ? wanted
        : HasBfloat16(device).Map(has => has ? Precision.Bfloat16 : Precision.Float32);

    private static Outcome<bool> HasBfloat16(Device device) => device.type == DeviceType.CUDA
        ? CudaDriver.ComputeCapability(device.index).Map(capability => capability >= Ampere)
        : ProcessorFlags.Has("avx512_bf16") || ProcessorFlags.Has("amx_bf16");
}
