using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
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
        var (plan, network) = planned;
        RequireInputShape(network, training);
        RequireInputShape(network, validation);
        return devices.Choose(plan.Device).Bind(device =>
        {
            var work = new Work(plan, network, device, PrecisionSelection.Choose(plan.Precision, device));
            return CatchFailures(work, checkpoints, () =>
            {
                PrepareHost(work);
                var augmenter = BatchAugmenter.Create(plan.Augmentation, plan.Seed, network.Spec.Input, device);
                using var pipeline = new BatchPipeline(plan.Preprocessing, device, augmenter);
                using var learned = Feed(training, device);
                using var validated = Feed(validation, device);
                return Train(work, new(learned, validated, pipeline), new(training, validation), checkpoints, observer, cancel);
            });
        });
    }

    private ImageFeed Feed(IPixelSource source, Device device) =>
        ImageFeed.Create(source, device, options.Value.MaxResidentMebibytes * 1048576L);

    private Outcome<TrainedNetwork> Train(
        Work work, TrainingData data, Sources sources, string checkpoints, ITrainingObserver observer, CancellationToken cancel)
    {
        var digest = CheckpointPosition.DigestOf(work.Plan);
        var store = new CheckpointStore(checkpoints, digest);
        return store.Load(observer.Log).Bind(saved => saved is null
            ? TrainingState.Start(work.Plan, work.Network, work.Device, work.Precision)
            : TrainingState.Resume(saved, work.Plan, work.Network, work.Device, work.Precision)).Bind(begun =>
        {
            using var state = begun;
            observer.Started(work.Device.ToString(), work.Precision, state.Epoch);
            var keeper = new CheckpointSaver(store, state, digest, work.Plan.CheckpointEvery, observer, time);
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
        var features = new FrozenFeatures(
            new FeatureFeed(sources.Training, data.Training, data.Pipeline, state.Network, end.Name, cancel),
            new FeatureFeed(sources.Validation, data.Validation, data.Pipeline, state.Network, end.Name, cancel),
            new BatchPipeline(null, work.Device));
        state.Network.StartAt(end.Name);
        return features;
    }

    private static Outcome<TrainedNetwork> CatchFailures(Work work, string checkpoints, Func<Outcome<TrainedNetwork>> train)
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
            return Problem.Unprocessable(
                "training.out-of-memory",
                $"A step of {work.Plan.BatchSize} images does not fit into the memory of {work.Device.ToString()}; try a smaller batchSize.");
        }
    }

    private static void PrepareHost(Work work)
    {
        set_num_threads(work.Plan.Threads == 0 ? Environment.ProcessorCount : work.Plan.Threads);
        if (work.Device.type == DeviceType.CPU)
        {
            HostMemory.KeepFreedBuffers();
        }
        else
        {
            // TF32: float32 products with a 10-bit mantissa on the tensor cores, as PyTorch's guides recommend for training.
            backends.cuda.matmul.allow_tf32 = true;
            backends.cudnn.allow_tf32 = true;
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

    private sealed record Work(TrainingPlan Plan, ResolvedNetwork Network, Device Device, Precision Precision);
}
