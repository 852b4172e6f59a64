using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>Opens OnnxRuntime sessions the one way of this service.</summary>
internal static class Sessions
{
    private const string CudaProvider = "CUDAExecutionProvider";

    private static readonly Lock Gate = new();

    // Guarded by Gate; 0 before the first session, and where the process's environment was made by others.
    private static int _shared;

    /// <summary>
    /// From bytes, never from a path, so that no file beside it is read. The threads are those of one pool for the process: a session of
    /// its own pool each would have as many threads as cores for every model. They spin between the operators of a run, and rest between
    /// runs: spinning there would take the processor from decoding and training.
    /// </summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="threads">Of one run; 0: all cores. Another number than the pool has gives the session threads of its own.</param>
    /// <param name="device">cpu or cuda.</param>
    /// <exception cref="OnnxRuntimeException">The file is refused.</exception>
    public static InferenceSession Open(byte[] model, int threads, string device = ServingDevice.Cpu)
    {
        var wanted = threads > 0 ? threads : Environment.ProcessorCount;
        var isShared = SharedThreads(wanted) == wanted;
        using var options = new SessionOptions
        {
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (isShared)
        {
            options.DisablePerSessionThreads();
        }
        else
        {
            options.IntraOpNumThreads = wanted;
        }

        options.AddSessionConfigEntry("session.force_spinning_stop", "1");

        if (device == ServingDevice.Cuda)
        {
            options.AppendExecutionProvider_CUDA();
        }

        // It adds a Pad's cells to those of the pooling behind it, and then refuses what has become more than the window.
        options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
        return new InferenceSession(model, options);
    }

    /// <summary>Why no session can be opened on a GPU; null where one can.</summary>
    public static string? CudaFault()
    {
        _ = SharedThreads(Environment.ProcessorCount);
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(CudaProvider))
        {
            return "this build is for the processor only.";
        }

        try
        {
            using var options = new SessionOptions();
            options.AppendExecutionProvider_CUDA();
            return null;
        }
        catch (OnnxRuntimeException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>The threads of the process's pool, which the first session decides.</summary>
    private static int SharedThreads(int wanted)
    {
        lock (Gate)
        {
            if (_shared == 0 && wanted > 1 && !OrtEnv.IsCreated)
            {
                using var threading = new OrtThreadingOptions
                {
                    GlobalIntraOpNumThreads = wanted,
                    GlobalInterOpNumThreads = 1,
                    GlobalSpinControl = true,
                };
                var creation = new EnvironmentCreationOptions
                {
                    logId = "cnnservice",
                    logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
                    threadOptions = threading,
                };
                OrtEnv.CreateInstanceWithOptions(ref creation);
                _shared = wanted;
            }

            return _shared;
        }
    }
}
