using System.Globalization;

namespace CnnService.Torch.Native;

/// <summary>Why a libtorch that is made for GPUs runs on the processor: it keeps that to itself.</summary>
internal static class MissingGpu
{
    private const string CudaLibrary = "libtorch_cuda.so";

    /// <summary>One phrase; null where a GPU was found, or this libtorch knows none.</summary>
    /// <param name="folder">Where libtorch was loaded from.</param>
    /// <param name="devices">Those that it found.</param>
    public static string? Explain(string folder, IReadOnlyList<string> devices)
    {
        if (devices.Count > 1 || !File.Exists(Path.Combine(folder, CudaLibrary)))
        {
            return null;
        }

        var why = CudaDriver.FindVersion() is { } version
            ? string.Create(CultureInfo.InvariantCulture, $"the driver here is one for CUDA {version / 1000}.{version % 1000 / 10}")
            : "this host has no CUDA driver";
        return $"this libtorch is made for GPUs and finds none: {why}";
    }
}
