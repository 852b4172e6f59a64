using CnnService.Core.Training;
using CnnService.Engine.Tests.Torch.Devices;
using CnnService.Torch.Native;
using static TorchSharp.torch;

namespace CnnService.Benchmarks.Gpu;

/// <summary>
/// What is checked: a GPU; the processor, on which the checks are rehearsed; or libtorch's lazy device, which refuses tensors of the
/// processor as a GPU does, and so shows that each check puts its own where they belong.
/// </summary>
/// <param name="Name">As TorchSharp names it.</param>
/// <param name="Choice">What is asked for to get it.</param>
/// <param name="Runtime">libtorch.</param>
internal sealed record CheckedDevice(string Name, DeviceChoice Choice, TorchRuntime Runtime)
{
    /// <summary>TorchSharp has no name for it.</summary>
    private const string LazyName = "17:0";

    /// <summary>The presets that are small enough for the lazy device's compiler.</summary>
    private static readonly string[] Small = ["article-cnn", "lenet5"];

    /// <summary>Whether it is a GPU, which is given more work than those that stand for it.</summary>
    public bool IsGpu => Name == "cuda:0";

    public bool IsLazy => Name == LazyName;

    public Device Device => IsLazy ? LazyDevice.Device : IsGpu ? new("cuda:0") : CPU;

    public IDevices Devices => IsLazy ? LazyDevice.Only : new HostDevices(Runtime);

    /// <summary>
    /// Stands still for the lazy device: what is computed for the progress of a second would update running statistics twice.
    /// </summary>
    public TimeProvider Time => IsLazy ? new NoTime() : TimeProvider.System;

    /// <param name="wanted"><c>cuda</c>, <c>cpu</c> or <c>lazy</c>.</param>
    /// <param name="runtime">libtorch.</param>
    /// <exception cref="ArgumentException">It is another.</exception>
    public static CheckedDevice Parse(string wanted, TorchRuntime runtime) => wanted switch
    {
        "cuda" => new("cuda:0", DeviceChoice.Cuda, runtime),
        "cpu" => new("cpu", DeviceChoice.Cpu, runtime),
        "lazy" => new(LazyName, DeviceChoice.Cuda, runtime),
        _ => throw new ArgumentException($"--device is cuda, cpu or lazy, not '{wanted}'."),
    };

    /// <summary>Whether this host's libtorch has it.</summary>
    public bool IsAmong(IReadOnlyList<string> devices) => devices.Contains(IsLazy ? "cpu" : Name);

    public bool Takes(string preset) => !IsLazy || Small.Contains(preset);

    /// <summary>Computes a step that only was recorded.</summary>
    public void EndStep()
    {
        if (IsLazy)
        {
            LazyDevice.Sync();
        }
    }

    private sealed class NoTime : TimeProvider
    {
        public override long GetTimestamp() => 0;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
