using System.Runtime.InteropServices;

namespace CnnService.Torch.Native;

/// <summary>GPU properties that TorchSharp does not expose, read from the CUDA driver. Call only if TorchSharp has found a GPU.</summary>
internal static partial class CudaDriver
{
    private const int ComputeCapabilityMajor = 75;

    /// <summary>The major compute capability of a GPU: 8 is Ampere, 9 is Hopper.</summary>
    /// <exception cref="InvalidOperationException">The driver reports an error.</exception>
    internal static int ComputeCapability(int index)
    {
        Check(Initialize(0));
        Check(GetDevice(out var device, index));
        Check(GetAttribute(out var major, ComputeCapabilityMajor, device));
        return major;
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"The CUDA driver answered error {result}.");
        }
    }

    [LibraryImport("libcuda.so.1", EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGet")]
    private static partial int GetDevice(out int device, int ordinal);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);
}
