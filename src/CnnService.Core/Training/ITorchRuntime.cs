using CnnService.Core.Common;

namespace CnnService.Core.Training;

/// <summary>The tensor library as the host has it, so that readiness can be told without running a network. Thread safe.</summary>
public interface ITorchRuntime
{
    /// <summary>
    /// Loads the library on first use, once a process; later calls answer the same. Problem code <c>torch.unavailable</c>, with
    /// one sentence on what is wrong.
    /// </summary>
    Outcome<TorchRuntimeInfo> Status { get; }
}

/// <summary>What was loaded.</summary>
/// <param name="Version">Of libtorch.</param>
/// <param name="Folder">Where libtorch was loaded from.</param>
/// <param name="Devices">"cpu", "cuda:0", …; the last of a kind is not preferred over the first.</param>
/// <param name="Threads">Threads of one operation unless a plan says otherwise.</param>
/// <param name="Patched">The binding's formal need for a newer C++ library was lifted in a cached copy.</param>
public sealed record TorchRuntimeInfo(string Version, string Folder, IReadOnlyList<string> Devices, int Threads, bool Patched);
