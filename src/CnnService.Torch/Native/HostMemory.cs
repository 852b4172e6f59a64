using System.Runtime.InteropServices;

namespace CnnService.Torch.Native;

/// <summary>
/// How the C library allocates the large, short-lived buffers of a training step. By default each one is mapped anew and its pages are
/// zeroed by the kernel, which takes a quarter of the time of a step on the CPU.
/// </summary>
internal static partial class HostMemory
{
    private const int TrimThreshold = -1;
    private const int MaxMappings = -4;

    /// <summary>
    /// Large tensors in 2 MB pages. Has an effect only before libtorch is loaded; a value already set in the environment wins.
    /// </summary>
    internal static void PreferLargePages()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Native.SetEnvironment("THP_MEM_ALLOC_ENABLE", "1", overwrite: 0);
        }
    }

    /// <summary>Sets a variable where native code reads it, which does not see those that .NET sets.</summary>
    internal static void SetVariable(string name, string value) => _ = Native.SetEnvironment(name, value, overwrite: 1);

    /// <summary>Freed buffers stay with the process for the next step: its memory no longer shrinks.</summary>
    internal static void KeepFreedBuffers()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Native.SetAllocator(MaxMappings, 0);
            _ = Native.SetAllocator(TrimThreshold, int.MaxValue);
        }
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int SetEnvironment(string name, string value, int overwrite);

        [LibraryImport("libc", EntryPoint = "mallopt")]
        internal static partial int SetAllocator(int parameter, int value);
    }
}
