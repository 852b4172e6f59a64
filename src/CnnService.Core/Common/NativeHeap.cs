using System.Runtime.InteropServices;

namespace CnnService.Core.Common;

/// <summary>The heap of the C library, from which native libraries allocate.</summary>
public static partial class NativeHeap
{
    private const string Library = "libc.so.6";

    /// <summary>Whether this C library can be asked to shrink its heap: glibc can.</summary>
    public static bool CanTrim { get; } = OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Library, out var library)
        && NativeLibrary.TryGetExport(library, "malloc_trim", out _);

    /// <summary>
    /// Gives all freed pages back to the system. By itself the C library keeps an arena for each pair of threads and shrinks one at its end
    /// only. Does nothing where <see cref="CanTrim"/> is false.
    /// </summary>
    public static void Trim()
    {
        if (CanTrim)
        {
            _ = Native.Trim(0);
        }
    }

    private static partial class Native
    {
        /// <param name="pad">Bytes to leave at the end of the main arena.</param>
        [LibraryImport(Library, EntryPoint = "malloc_trim")]
        internal static partial int Trim(nuint pad);
    }
}
