using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>Opens OnnxRuntime sessions with the settings of this service.</summary>
internal static class Sessions
{
    private static readonly Lock Gate = new();

    // Threads of the shared pool, guarded by Gate; 0 before the first session, and if other code created the OnnxRuntime environment.
    private static int _shared;

    /// <summary>
    /// Opens a session from bytes, never from a path, so that no external data file is read. Sessions share one thread pool in the process:
    /// a pool per session would mean as many threads as cores for every model. Threads spin between the operators of a run but not between
    /// runs, where spinning would take CPU time from decoding and training.
    /// </summary>
    /// <param name="model">Bytes of the ONNX file.</param>
    /// <param name="threads">
    /// Threads of one run; 0 for all cores. A number that differs from the shared pool's gives the session threads of its own.
    /// </param>
    /// <param name="cuda">Settings of the GPU; null: the processor.</param>
    /// <exception cref="OnnxRuntimeException">OnnxRuntime refuses the file, or the GPU.</exception>
    public static InferenceSession Open(byte[] model, int threads, CudaSettings? cuda = null)
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
        if (IntegerArithmetic.Saturates)
        {
            options.AddSessionConfigEntry("session.x64quantprecision", "1"); // Half as fast where VNNI is, and needed where it is not.
        }

        if (cuda is not null)
        {
            CudaProvider.Append(options, cuda);
        }

        // The Pad fusion adds the padding to that of the following pooling, and then rejects padding larger than the window.
        options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
        return new InferenceSession(model, options);
    }

    /// <summary>Whether this build of OnnxRuntime could open one on a GPU.</summary>
    /// <param name="threads">Threads of the pool that all sessions share, if it does not exist yet; 0 for all cores.</param>
    public static bool CanHaveCuda(int threads)
    {
        _ = SharedThreads(threads > 0 ? threads : Environment.ProcessorCount);
        return CudaProvider.IsBuiltIn;
    }

    /// <summary>The number of threads of the shared pool, which the first session decides.</summary>
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
