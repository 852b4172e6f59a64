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
    internal static Outcome<int> ComputeCapability(int index) =>
        Ask(index, (int device, out int major) => GetAttribute(out major, ComputeCapabilityMajor, device));

    /// <summary>All memory of a GPU in bytes. Problem as of <see cref="ComputeCapability"/>.</summary>
    internal static Outcome<long> TotalBytes(int index) => Ask(index, (int device, out long bytes) =>
    {
        var error = GetTotalMemory(out var total, device);
        bytes = (long)total;
        return error;
    });

    /// <summary>The newest CUDA that the driver runs, as it writes it: 13010 is 13.1. Null where there is no driver.</summary>
    internal static int? FindVersion()
    {
        try
        {
            return GetVersion(out var version) == 0 ? version : null;
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    private static Outcome<T> Ask<T>(int index, Question<T> ask)
        where T : notnull
    {
        try
        {
            var error = Initialize(0);
            if (error == 0 && (error = GetDevice(out var device, index)) == 0 && (error = ask(device, out var answer)) == 0)
            {
                return answer;
            }

            return Refuse($"the CUDA driver answered error {error}");
        }
        catch (DllNotFoundException)
        {
            return Refuse("this host has no CUDA driver");
        }

        Problem Refuse(string why) => Problem.Unprocessable("training.device-unavailable", $"The GPU cuda:{index} cannot be used: {why}.");
    }

    /// <summary>Asks the driver about a device. Returns its error, 0 for none.</summary>
    private delegate int Question<T>(int device, out T answer);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDriverGetVersion")]
    private static partial int GetVersion(out int version);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGet")]
    private static partial int GetDevice(out int device, int ordinal);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceTotalMem_v2")]
    private static partial int GetTotalMemory(out nuint bytes, int device);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGetAttribute")]
    private static partial int GetAttribute(out int value, int attribute, int device);
}
