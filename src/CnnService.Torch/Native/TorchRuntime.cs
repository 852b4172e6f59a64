using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace CnnService.Torch.Native;

/// <summary>
/// Loads libtorch once per process; whatever uses TorchSharp must check this first. Thread safe. A failure is remembered: loading is not
/// retried.
/// </summary>
internal sealed class TorchRuntime(IOptions<TorchOptions> options) : ITorchRuntime
{
    private static readonly Lock Gate = new();
    private static Outcome<TorchRuntimeInfo>? _loaded;

    public Outcome<TorchRuntimeInfo> Status
    {
        get
        {
            lock (Gate)
            {
                return _loaded ??= Load(options.Value);
            }
        }
    }

    /// <summary>The runtime, for code that is reached only if it is available.</summary>
    /// <exception cref="InvalidOperationException">libtorch could not be loaded.</exception>
    internal TorchRuntimeInfo Require() =>
        Status.Match(info => info, problem => throw new InvalidOperationException(problem.Detail));

    private static Outcome<TorchRuntimeInfo> Load(TorchOptions options)
    {
        try
        {
            var libraries = NativeLibraries.Load(options);
            var devices = Devices();
            return new TorchRuntimeInfo(libraries.Version, libraries.Folder, devices, torch.get_num_threads(), libraries.Patched)
            {
                Note = MissingGpu.Explain(libraries.Folder, devices),
                CanLimitGpuMemory = libraries.CanLimitGpuMemory,
            };
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
            or IOException or UnauthorizedAccessException or NotSupportedException or TypeInitializationException)
        {
            var cause = failure is TypeInitializationException { InnerException: { } inner } ? inner : failure;
            return new Problem(
                ProblemKind.Unavailable, "torch.unavailable", $"The tensor library cannot be loaded: {Summarize(cause.Message)}")
            {
                Data = cause is MissingSymbolsException missing
                    ? new Dictionary<string, object?> { ["missing"] = missing.Symbols }
                    : new Dictionary<string, object?>(),
            };
        }
    }

    private static List<string> Devices()
    {
        List<string> devices = ["cpu"];
        if (torch.cuda.is_available())
        {
            devices.AddRange(Enumerable.Range(0, torch.cuda.device_count()).Select(i => $"cuda:{i}"));
        }

        return devices;
    }

    /// <summary>The loader's reason is on the second line, below a general hint that does not help the user of a service.</summary>
    private static string Summarize(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 && lines[0].StartsWith("Unable to load", StringComparison.Ordinal)
            ? lines[1]
            : lines.FirstOrDefault(message);
    }
}
