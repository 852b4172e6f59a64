using System.Runtime.InteropServices;
using CnnService.Core.Common;

namespace CnnService.Torch.Native;

/// <summary>GPU properties that TorchSharp does not expose, read from the CUDA driver.</summary>
internal static partial class CudaDriver
{
    private const int ComputeCapabilityMajor = 75;

    /// <summary>
    /// The major compute capability of a GPU: 8 is Ampere, 9 is Hopper. Problem: <c>training.device-unavailable</c>, where there is no
    /// driver or it reports an error.
    /// </summary>
    internal static Outcome<int> ComputeCapability(int index)
    {
        try
        {
            var error = Query(index, out var major);
            return error == 0 ? major : Refuse($"the CUDA driver answered error {error}");
        }
        catch (DllNotFoundException)
        {
            return Refuse("this host has no CUDA driver");
        }

        Problem Refuse(string why) => Problem.Unprocessable("training.device-unavailable", $"The GPU cuda:{index} cannot be used: {why}.");
    }

    /// <summary>The driver's error, 0 for none.</summary>
    private static int Query(int index, out int major)
    {
        major = 0;
        var error = Initialize(0);
        if (error != 0 || (error = GetDevice(out var device, index)) != 0)
        {
            return error;
        }

        return GetAttribute(out major, ComputeCapabilityMajor, device);
    }

    [LibraryImport("libcuda.so.1", EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGet")]
    private static partial int GetDevice(out int device, int ordinal);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);
}
