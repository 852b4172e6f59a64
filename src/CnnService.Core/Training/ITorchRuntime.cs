using CnnService.Core.Common;

namespace CnnService.Core.Training;

/// <summary>
/// State of the native tensor library on this host, so that readiness can be reported without running a network. Thread safe.
/// </summary>
public interface ITorchRuntime
{
    /// <summary>
    /// Loads the library on first use, once per process; later calls return the same result. Problem code <c>torch.unavailable</c>, with
    /// one sentence on the cause.
    /// </summary>
    Outcome<TorchRuntimeInfo> Status { get; }
}

/// <summary>The loaded library.</summary>
/// <param name="Version">Of libtorch.</param>
/// <param name="Folder">Where libtorch was loaded from.</param>
/// <param name="Devices">"cpu", "cuda:0", ….</param>
/// <param name="Threads">Threads per operation unless a plan sets another number.</param>
/// <param name="Patched">Whether the binding's requirement of a newer C++ runtime was lifted in a cached copy.</param>
public sealed record TorchRuntimeInfo(string Version, string Folder, IReadOnlyList<string> Devices, int Threads, bool Patched)
{
    /// <summary>Whether it can be held to a share of the GPU's memory; false on the processor.</summary>
    public bool CanLimitGpuMemory { get; init; }

    /// <summary>Why no GPU was found by a library that is made for them; null where nothing is to be said.</summary>
    public string? Note { get; init; }

    /// <summary>The devices and what is to be said of them.</summary>
    public string DescribeDevices() => string.Join(", ", Devices) + (Note is null ? string.Empty : $" ({Note})");
}
