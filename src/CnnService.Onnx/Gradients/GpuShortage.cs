using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Onnx.Gradients;

/// <summary>Tells a lack of GPU memory, after which the processor does the same, from a network that OnnxRuntime cannot run.</summary>
internal static class GpuShortage
{
    /// <summary>How OnnxRuntime's arena and the CUDA driver put it.</summary>
    private static readonly string[] Words = ["out of memory", "Failed to allocate memory", "Available memory of"];

    /// <summary>Null if it is another failure.</summary>
    internal static Problem? Find(string message, bool onGpu) =>
        onGpu && Words.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? new Problem(ProblemKind.Unavailable, IDrawingDevice.OutOfMemory,
                "The GPU's memory does not suffice for this explanation; asked for again, it is computed on the processor.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            }
            : null;
}
