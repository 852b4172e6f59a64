using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Onnx.Serving;

namespace CnnService.Onnx.Gradients;

/// <summary>Tells a lack of GPU memory, after which the processor does the same, from a network that OnnxRuntime cannot run.</summary>
internal static class GpuShortage
{
    /// <summary>Null if it is another failure.</summary>
    internal static Problem? Find(string message, bool onGpu) =>
        onGpu && CudaMemory.IsShort(message)
            ? new Problem(ProblemKind.Unavailable, IDrawingDevice.OutOfMemory,
                "The GPU's memory does not suffice for this explanation; asked for again, it is computed on the processor.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            }
            : null;
}
