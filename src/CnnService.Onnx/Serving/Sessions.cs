using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>Opens OnnxRuntime sessions the one way of this service.</summary>
internal static class Sessions
{
    /// <summary>
    /// From bytes, never from a path, so that no file beside it is read. Threads do not spin: they would take the processor
    /// from decoding and training.
    /// </summary>
    /// <exception cref="OnnxRuntimeException">The file is refused.</exception>
    public static InferenceSession Open(byte[] model, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads > 0 ? threads : Environment.ProcessorCount,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");

        // It adds a Pad's cells to those of the pooling behind it, and then refuses what has become more than the window.
        options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
        return new InferenceSession(model, options);
    }
}
