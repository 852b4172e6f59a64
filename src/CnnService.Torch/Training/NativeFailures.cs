using System.Runtime.InteropServices;
using CnnService.Core.Training;

namespace CnnService.Torch.Training;

/// <summary>Distinguishes host failures that a user can act on from faults of the program.</summary>
internal static class NativeFailures
{
    internal static bool IsOutOfMemory(Exception failure) => failure is OutOfMemoryException
        || (failure is ExternalException && MemoryShortage.IsToldBy(failure.Message));
}
