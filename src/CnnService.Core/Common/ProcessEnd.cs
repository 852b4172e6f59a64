using System.Runtime.InteropServices;

namespace CnnService.Core.Common;

/// <summary>Ends this process while native code computes in it.</summary>
public static partial class ProcessEnd
{
    /// <summary>
    /// Ends the process at once: no further line of it runs. <see cref="Environment.Exit"/> runs the destructors of native libraries
    /// first, while other threads still compute in them; these then crash on what is freed (SIGSEGV), and the exit code is lost.
    /// </summary>
    /// <param name="code">The exit code, 0–255.</param>
    public static void AtOnce(int code)
    {
        if (!OperatingSystem.IsWindows())
        {
            Exit(code);
        }

        Environment.Exit(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);
}
