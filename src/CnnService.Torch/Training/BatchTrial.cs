using CnnService.Core.Architecture;
using CnnService.Core.Training;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Finds out by trying how many images a step can have on a device, and how long it takes.</summary>
internal static class BatchTrial
{
    /// <summary>Steps before the measured ones: the first ones allocate, and choose kernels.</summary>
    private const int WarmUpSteps = 2;

    /// <summary>Steps are measured for as long, at least one.</summary>
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The largest half, quarter, … of the plan's batch whose step fits into the device's memory; 0: not even one image.
    /// </summary>
    /// <param name="plan">A plan whose own batch does not fit.</param>
    /// <param name="network">Its network.</param>
    /// <param name="device">Free of the failed training's tensors.</param>
    /// <param name="precision">Of the arithmetic; never auto.</param>
    internal static int FindLargest(TrainingPlan plan, ResolvedNetwork network, Device device, Precision precision)
    {
        var size = plan.BatchSize / 2;
        while (size > 0 && !Fits(plan with { BatchSize = size }, network, device, precision))
        {
            size /= 2;
        }

        return size;
    }

    /// <summary>
    /// Does a step with fresh weights and black images. On the processor a step whose estimate is above the host's memory is not tried:
    /// the system may end the process instead of refusing the allocation.
    /// </summary>
    private static bool Fits(TrainingPlan plan, ResolvedNetwork network, Device device, Precision precision)
    {
        if (device.type == DeviceType.CPU
            && TrainingMemory.Estimate(network, plan.BatchSize) > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            return false;
        }

        try
        {
            Step(plan with { StartFrom = null }, network, device, precision);
            return true;
        }
        catch (Exception failure) when (NativeFailures.IsOutOfMemory(failure) || NativeFailures.HasNoEngine(failure))
        {
            return false;
        }
    }

    /// <summary>Seconds of a step for each image of it, as busy as the device is now. Takes some seconds.</summary>
    /// <param name="plan">A plan whose batch fits.</param>
    /// <param name="network">Its network.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="precision">Of the arithmetic; never auto.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">Checked between steps.</param>
    internal static double SecondsPerImage(
        TrainingPlan plan, ResolvedNetwork network, Device device, Precision precision, TimeProvider time, CancellationToken cancel)
    {
        var (steps, began) = (0, 0L);
        Step(plan with { StartFrom = null }, network, device, precision, () =>
        {
            cancel.ThrowIfCancellationRequested();
            if (++steps <= WarmUpSteps)
            {
                began = time.GetTimestamp();
                return true;
            }

            return time.GetElapsedTime(began) < Measured;
        });
        return time.GetElapsedTime(began).TotalSeconds / ((steps - WarmUpSteps) * plan.BatchSize);
    }

    /// <summary>Does a step with black images and fresh weights, and the same again as long as it is told to.</summary>
    private static void Step(
        TrainingPlan plan, ResolvedNetwork network, Device device, Precision precision, Func<bool>? again = null)
    {
        var input = network.Spec.Input;
        var order = EpochOrder.Sequential(plan.BatchSize);
        using var scope = NewDisposeScope();
        using var state = TrainingState.Start(new(plan, network), device, precision).Value;
        using var pipeline = new BatchPipeline(
            plan.Preprocessing, device, BatchAugmenter.Create(plan.Augmentation, plan.Seed, input, device));
        using var steps = new EpochSteps(plan, state, pipeline, order);
        using var batch = new Batch(
            zeros([plan.BatchSize, input.Height, input.Width, input.Channels], ScalarType.Byte, device: device),
            zeros([plan.BatchSize], ScalarType.Int64, device: device), order, First: 0);
        do
        {
            steps.Run(batch);
            state.Meter.Read(); // Waits for the device.
        }
        while (again?.Invoke() == true);
    }
}
