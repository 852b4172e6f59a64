using System.Runtime.InteropServices;

namespace CnnService.Torch.Training;

/// <summary>Distinguishes host failures that a user can act on from faults of the program.</summary>
internal static class NativeFailures
{
    /// <summary>libtorch reports failed allocations only in the text of its exceptions.</summary>
    internal static bool IsOutOfMemory(Exception failure) => failure is OutOfMemoryException
        || (failure is ExternalException && (failure.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || failure.Message.Contains("DefaultCPUAllocator", StringComparison.Ordinal)));
}
