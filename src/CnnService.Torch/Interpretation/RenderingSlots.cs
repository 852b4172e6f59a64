using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// Bounds how many patterns are rendered at a time, for all requests together. Work in a slot computes on a single thread: two images side
/// by side use two cores better than one image on both, the bytes do not depend on the number of cores, and on a busy machine no thread
/// waits at a barrier for one without a core. Thread safe.
/// </summary>
/// <param name="runtime">Loads libtorch on first use.</param>
/// <param name="devices">The devices of this host.</param>
internal sealed class RenderingSlots(ITorchRuntime runtime, IDevices devices) : IDisposable
{
    /// <summary>Number of slots.</summary>
    internal const int Count = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _free = new(Count);
    private readonly Lazy<Outcome<OpenMp>> _openMp = new(() => runtime.Status.Map(loaded => new OpenMp(loaded.Folder)));

    /// <summary>
    /// The device of a job: its entity tag stands for the pixels of that device. Problem code: <c>training.device-unavailable</c>, for a
    /// GPU that is not there.
    /// </summary>
    internal Outcome<Device> DeviceFor(bool onGpu) => devices.Choose(onGpu ? DeviceChoice.Cuda : DeviceChoice.Cpu).Map(device =>
    {
        if (onGpu)
        {
            CudnnSearch.Repeat();
            GpuArithmetic.TakeFloat32AtItsWord(); // Else images would differ from the processor's by far more than their last digits.
        }

        return device;
    });

    /// <summary>
    /// Waits for a slot without blocking a thread, then runs the work, which takes seconds, on a thread of its own. Problem codes:
    /// <c>torch.unavailable</c>, and those of the work.
    /// </summary>
    internal async Task<Outcome<T>> RunAsync<T>(Func<Outcome<T>> work, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            return await Task.Factory.StartNew(
                () => RunOnOneThread(work), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>
    /// Blocks until a slot is free, then runs the work on the calling thread. Problem codes as of <see cref="RunAsync"/>.
    /// </summary>
    internal Outcome<T> Run<T>(Func<Outcome<T>> work, CancellationToken cancel)
    {
        _free.Wait(cancel);
        try
        {
            return RunOnOneThread(work);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>
    /// Runs the work for each item, in parallel as far as slots are free. Blocks; results are in the order of the items. Problem codes as
    /// of <see cref="RunAsync"/>.
    /// </summary>
    internal Outcome<IReadOnlyList<TResult>> RunAll<TItem, TResult>(
        IReadOnlyList<TItem> items, Func<TItem, Outcome<TResult>> work, CancellationToken cancel)
    {
        var results = new Outcome<TResult>[items.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Count, CancellationToken = cancel };
        Parallel.For(0, items.Count, parallel, i => results[i] = Run(() => work(items[i]), cancel));
        return Outcome.All(results);
    }

    /// <summary>Waits for work whose callers have left: it ends at its next step. What does not is left with its slot.</summary>
    public void Dispose()
    {
        if (Enumerable.Range(0, Count).All(_ => _free.Wait(Patience)))
        {
            _free.Dispose();
        }
    }

    private Outcome<T> RunOnOneThread<T>(Func<Outcome<T>> work) => _openMp.Value.Bind(openMp => openMp.RunOnOneThread(work));
}
