using System.Runtime.InteropServices;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Keeps OnnxRuntime from reporting to its maker: since 1.29 its packages send events about the process, its sessions and models to
/// mobile.events.data.microsoft.com, unless this variable is set before the library's first use.
/// </summary>
internal static partial class NoTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";
    private const string Yes = "1";

    /// <summary>For this process, and for those that it starts.</summary>
    public static void Apply()
    {
        Environment.SetEnvironmentVariable(Variable, Yes);
        if (!OperatingSystem.IsWindows())
        {
            _ = SetEnvironment(Variable, Yes, 1); // There .NET keeps a copy of its own, which native code does not see.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
