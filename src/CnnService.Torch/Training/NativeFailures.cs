using System.Runtime.InteropServices;

namespace CnnService.Torch.Training;

/// <summary>Tells failures of the host that a user can do something about from faults of the program.</summary>
internal static class NativeFailures
{
    /// <summary>libtorch throws its allocators' refusals as text.</summary>
    internal static bool IsOutOfMemory(Exception failure) => failure is OutOfMemoryException
        || (failure is ExternalException && (failure.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || failure.Message.Contains("DefaultCPUAllocator", StringComparison.Ordinal)));
}
