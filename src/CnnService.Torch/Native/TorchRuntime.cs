using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace CnnService.Torch.Native;

/// <summary>Loads the tensor library once a process: everything that touches TorchSharp asks here first.</summary>
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

    /// <summary>For callers that were only reached because the library is there.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    internal TorchRuntimeInfo Require() =>
        Status.Match(info => info, problem => throw new InvalidOperationException(problem.Detail));

    private static Outcome<TorchRuntimeInfo> Load(TorchOptions options)
    {
        try
        {
            var libraries = NativeLibraries.Load(options);
            return new TorchRuntimeInfo(libraries.Version, libraries.Folder, Devices(), torch.get_num_threads(), libraries.Patched);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
            or IOException or UnauthorizedAccessException or NotSupportedException or TypeInitializationException)
        {
            var cause = failure is TypeInitializationException { InnerException: { } inner } ? inner : failure;
            return new Problem(
                ProblemKind.Unavailable, "torch.unavailable", $"The tensor library cannot be loaded: {OneLine(cause.Message)}");
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

    /// <summary>The loader's own reason stands below a line of advice that does not help a service's user.</summary>
    private static string OneLine(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 && lines[0].StartsWith("Unable to load", StringComparison.Ordinal) ? lines[1] : lines.FirstOrDefault(message);
    }
}
