using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Onnx.Serving;

/// <summary>Tells a lack of GPU memory from a network that OnnxRuntime cannot run.</summary>
internal static class CudaMemory
{
    /// <summary>How OnnxRuntime's arena puts it; the CUDA libraries below it have the words that training knows.</summary>
    private static readonly string[] Words = ["Failed to allocate memory", "Available memory of"];

    /// <summary>Whether a message of OnnxRuntime tells of a failed allocation on the GPU.</summary>
    public static bool IsShort(string message) =>
        MemoryShortage.IsToldBy(message) || Words.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The problem of a version that runs on a device; null if the message tells of another failure.</summary>
    /// <param name="message">Of OnnxRuntime.</param>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    public static Problem? FindShortage(string message, string device) => device == ServingDevice.Cuda && IsShort(message)
        ? new(ProblemKind.Unavailable, "serving.gpu-memory",
            "The GPU's memory, or the part of it that Gpu:ServingShare or Serving:Cuda:MemoryMebibytes leaves to this version, does not "
            + "suffice; a smaller Serving:MaxBatchSize needs less.")
        : null;
}
