using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Core.Training.Transfer;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Batching;
using CnnService.Torch.Native;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Trains with libtorch. Failures that are not faults of the program are returned as problems.</summary>
internal sealed class TorchTrainer(IDevices devices, IOptions<TorchOptions> options, TimeProvider time) : ITrainer
{
    /// <summary>Most bytes of precomputed frozen features, training and validation together.</summary>
    private const long MaxFeatureBytes = 1L << 30;

    public Outcome<TrainedNetwork> Train(
        PlannedTraining planned,
        IPixelSource training,
        IPixelSource validation,
        string checkpoints,
        ITrainingObserver observer,
        CancellationToken cancel)
    {
        var plan = planned.Plan;
        RequireInputShape(planned.Network, training);
        RequireInputShape(planned.Network, validation);
        var digest = CheckpointPosition.DigestOf(plan);
        var store = new CheckpointStore(checkpoints, digest);
        return devices.Choose(plan.Device).Bind(device => CatchFailures(plan, device, checkpoints, () =>
            store.Load(observer.Log).Bind(saved => Prepare(planned, device, saved, observer)
                .Bind(work => Train(work, new(training, validation), new(store, saved, digest), observer, cancel)))));
    }

    public Outcome<double> TimeStep(PlannedTraining planned, CancellationToken cancel)
    {
        var plan = planned.Plan;
        return devices.Choose(plan.Device).Bind(device => PrecisionSelection.Choose(plan.Precision, device).Bind(precision =>
        {
            try
            {
                PrepareHost(plan, device);
                return BatchTrial.SecondsPerImage(plan, planned.Network, device, precision, time, cancel);
            }
            catch (Exception failure) when (NativeFailures.IsOutOfMemory(failure))
            {
                return (Outcome<double>)MemoryShortage.Refuse(plan.BatchSize, device.ToString(), largest: null);
            }
        }));
    }

    /// <summary>
    /// A resumed run keeps the precision it began with, whatever this device would take by itself; what becomes different is logged.
    /// </summary>
    private static Outcome<Work> Prepare(
        PlannedTraining planned, Device device, CheckpointState? saved, ITrainingObserver observer) =>
        PrecisionSelection.Choose(planned.Plan.Precision, device).Map(choice =>
        {
            if (saved?.Position is { } at)
            {
                if (at.Device != device.ToString())
                {
                    observer.Log($"The run was on {at.Device} and goes on on {device}: from here its numbers differ in their last digits.");
                }

                if (at.Precision != choice)
                {
                    observer.Log(
                        $"The run keeps its precision {at.Precision.ToWireName()}; a new one would take {choice.ToWireName()} here.");
                }
            }

            return new Work(planned, device, saved?.Position.Precision ?? choice);
        });

    private Outcome<TrainedNetwork> Train(
        Work work, Sources sources, Checkpoints checkpoints, ITrainingObserver observer, CancellationToken cancel)
    {
        PrepareHost(work.Plan, work.Device);
        var (plan, device) = (work.Plan, work.Device);
        var augmenter = BatchAugmenter.Create(plan.Augmentation, plan.Seed, work.Network.Spec.Input, device);
        using var pipeline = new BatchPipeline(plan.Preprocessing, device, augmenter);
        using var learned = Feed(sources.Training, device, observer);
        using var validated = Feed(sources.Validation, device, observer);
        try
        {
            return Train(work, new(learned, validated, pipeline), sources, checkpoints, observer, cancel);
        }
        catch (Exception failure) when (NativeFailures.IsOutOfMemory(failure) || NativeFailures.HasNoEngine(failure))
        {
            var largest = BatchTrial.FindLargest(plan, work.Network, device, work.Precision);
            if (largest == 0 && NativeFailures.HasNoEngine(failure))
            {
                throw; // Not even one image: it is not the memory.
            }

            return MemoryShortage.Refuse(plan.BatchSize, device.ToString(), largest);
        }
    }

    private ImageFeed Feed(IPixelSource source, Device device, ITrainingObserver observer)
    {
        try
        {
            return ImageFeed.Create(source, device, options.Value.MaxResidentMebibytes * 1048576L);
        }
        catch (Exception failure) when (NativeFailures.IsOutOfMemory(failure))
        {
            observer.Log($"The {source.Count} images do not fit into the memory of {device} and are streamed to it instead.");
            return new StreamedFeed(source, device);
        }
    }

    private Outcome<TrainedNetwork> Train(
        Work work, TrainingData data, Sources sources, Checkpoints checkpoints, ITrainingObserver observer, CancellationToken cancel)
    {
        var begun = checkpoints.Saved is { } saved
            ? TrainingState.Resume(saved, work.Planned, work.Device, work.Precision)
            : TrainingState.Start(work.Planned, work.Device, work.Precision);
        return begun.Bind(started =>
        {
            using var state = started;
            observer.Started(work.Device.ToString(), work.Precision, state.Epoch);
            using var writer = new CheckpointWriter(checkpoints.Store.Save, time, observer.Log);
            var keeper = new CheckpointSaver(
                writer, state, checkpoints.Digest, work.Plan.CheckpointEvery, observer, time, checkpoints.Saved is not null);
            using var features = CreateFeatures(work, state, data, sources, observer, cancel);
            new TrainingLoop(work.Plan, state, features?.Data ?? data, keeper, observer, time).Run(cancel);
            return (Outcome<TrainedNetwork>)new TrainedNetwork(
                state.Best!, state.History[EpochSelection.BestIndex(state.History)], state.History, work.Device.ToString(), work.Precision);
        });
    }

    /// <summary>
    /// The output of the frozen layers for every image, if it is the same in each epoch and fits into <see cref="MaxFeatureBytes"/>; else
    /// null.
    /// </summary>
    private static FrozenFeatures? CreateFeatures(
        Work work, TrainingState state, TrainingData data, Sources sources, ITrainingObserver observer, CancellationToken cancel)
    {
        var frozen = (work.Plan.Frozen ?? []).ToHashSet(StringComparer.Ordinal);
        if (frozen.Count == 0 || !data.Pipeline.IsDeterministic || work.Plan.Mixup > 0
            || FrozenPrefix.FindEnd(work.Network, frozen) is not { } end
            || end.OutputShape.Elements * sizeof(float) * (sources.Training.Count + sources.Validation.Count) > MaxFeatureBytes)
        {
            return null;
        }

        observer.Log($"Everything up to the layer '{end.Name}' is frozen and no image is changed: what it gives is computed once.");
        var (done, total) = (0, sources.Training.Count + sources.Validation.Count);
        void Tell(int images) => observer.Advance(RunPart.Features, done += images, total);
        var learned = new FeatureFeed(sources.Training, data.Training, data.Pipeline, state.Network, end.Name, Tell, cancel);
        try
        {
            var validated = new FeatureFeed(sources.Validation, data.Validation, data.Pipeline, state.Network, end.Name, Tell, cancel);
            state.Network.StartAt(end.Name);
            return new(learned, validated, new BatchPipeline(null, work.Device));
        }
        catch
        {
            learned.Dispose();
            throw;
        }
    }

    private static Outcome<TrainedNetwork> CatchFailures(
        TrainingPlan plan, Device device, string checkpoints, Func<Outcome<TrainedNetwork>> train)
    {
        try
        {
            return train();
        }
        catch (DivergedException failure)
        {
            return Problem.Unprocessable(
                "training.diverged",
                $"{failure.Message} {CheckpointStore.DescribeLast(checkpoints)}");
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new Problem(ProblemKind.StorageFull, "storage.full",
                "The disk is full; the run goes on from its last checkpoint once there is room.");
        }
        catch (Exception failure) when (NativeFailures.IsOutOfMemory(failure))
        {
            return MemoryShortage.Refuse(plan.BatchSize, device.ToString(), largest: null);
        }
    }

    private static void PrepareHost(TrainingPlan plan, Device device)
    {
        HostPreparation.Prepare(plan, device);
        if (device.type != DeviceType.CPU)
        {
            CudnnSearch.Set(true);
        }
    }

    private static void RequireInputShape(ResolvedNetwork network, IPixelSource source)
    {
        if (TensorShape.Map(source.Channels, source.Height, source.Width) != network.Spec.Input.Shape)
        {
            throw new ArgumentException($"The network takes {network.Spec.Input.Shape}, the images are of another size.", nameof(source));
        }
    }

    private sealed record Sources(IPixelSource Training, IPixelSource Validation);

    /// <summary>Where checkpoints are kept, and the one to go on from; null for a fresh start.</summary>
    private sealed record Checkpoints(CheckpointStore Store, CheckpointState? Saved, string Digest);

    /// <summary>The feeds that replace the images. Owns its parts.</summary>
    private sealed record FrozenFeatures(FeatureFeed Training, FeatureFeed Validation, BatchPipeline Pipeline) : IDisposable
    {
        public TrainingData Data => new(Training, Validation, Pipeline);

        public void Dispose()
        {
            Training.Dispose();
            Validation.Dispose();
            Pipeline.Dispose();
        }
    }

    private sealed record Work(PlannedTraining Planned, Device Device, Precision Precision)
    {
        public TrainingPlan Plan => Planned.Plan;

        public ResolvedNetwork Network => Planned.Network;
    }
}
