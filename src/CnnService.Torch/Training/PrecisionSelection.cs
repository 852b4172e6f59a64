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

    internal static Precision Choose(Precision wanted, Device device) => wanted != Precision.Auto
        ? wanted
        : HasBfloat16(device) ? Precision.Bfloat16 : Precision.Float32;

    private static bool HasBfloat16(Device device) => device.type == DeviceType.CUDA
        ? CudaDriver.ComputeCapability(device.index) >= Ampere
        : ProcessorFlags.Has("avx512_bf16") || ProcessorFlags.Has("amx_bf16");
}
