using System.Runtime.InteropServices;
using CnnService.Core.Training;

namespace CnnService.Torch.Training;

/// <summary>Distinguishes host failures that a user can act on from faults of the program.</summary>
internal static class NativeFailures
{
    internal static bool IsOutOfMemory(Exception failure) => failure is OutOfMemoryException
        || (failure is ExternalException && MemoryShortage.IsToldBy(failure.Message));

    /// <summary>
    /// Whether cuDNN has found no way to compute a convolution: the memory that each needs besides is lacking, or there is none at all.
    /// </summary>
    internal static bool HasNoEngine(Exception failure) => failure is ExternalException
        && failure.Message.Contains("unable to find an engine", StringComparison.OrdinalIgnoreCase);
}
