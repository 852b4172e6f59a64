using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using CnnService.Torch.Training;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>A small training in a folder of its own: 40 images, 5 steps an epoch, with normalization and dropout.</summary>
internal sealed class TrainingBench : IDisposable
{
    internal const int StepsPerEpoch = 5;

    private readonly StripedImages _training = new(40, seed: 1);
    private readonly StripedImages _validation = new(24, seed: 2);

    internal TrainingPlan Plan { get; init; } = Some.Plan();

    internal string Folder { get; } = Directory.CreateTempSubdirectory("cnnservice-training-").FullName;

    internal string[] Checkpoints => [.. Directory.GetFiles(Folder).Order(StringComparer.Ordinal)];

    /// <summary>The devices to train on.</summary>
    internal IDevices Devices { get; init; } = LoadedTorch.Devices;

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Bytes of images that may stay on another device than the processor, in MiB.</summary>
    internal int MaxResidentMebibytes { get; init; } = new TorchOptions().MaxResidentMebibytes;

    internal TorchTrainer Trainer => new(
        Devices, Options.Create(new TorchOptions { MaxResidentMebibytes = MaxResidentMebibytes }), Time);

    internal static TorchRunnerFactory Runners => new(LoadedTorch.Runtime);

    internal Outcome<TrainedNetwork> Train(RecordingObserver? observer = null, TrainingPlan? plan = null)
    {
        using var recorder = observer ?? new RecordingObserver();
        return Trainer.Train((plan ?? Plan).Resolve().Value, _training, _validation, Folder, recorder, recorder.Token);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    internal static string HashOf(NamedWeights weights)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in weights.All)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Data.AsSpan()));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What must repeat: everything but the times.</summary>
    internal static IEnumerable<EpochMetrics> WithoutTimes(IEnumerable<EpochMetrics> history) =>
        history.Select(epoch => epoch with { Seconds = 0, ImagesPerSecond = 0 });

    internal static class Some
    {
        internal static TrainingPlan Plan() => new()
        {
            RunId = "run",
            DatasetFolder = "/none",
            Dataset = "stripes",
            DatasetDigest = "0",
            Classes = ["horizontal", "vertical"],
            Architecture = "custom",
            Network = Network(),
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 1, [], []),
            Epochs = 3,
            BatchSize = 8,
            Seed = 5,
            Optimizer = new() { LearningRate = 0.01, WeightDecay = 0.001 },
            Precision = Precision.Float32,
            Device = DeviceChoice.Cpu,
            Threads = 2,
        };

        internal static NetworkSpec Network() => new(new(12, 12, 1),
        [
            new Conv2dLayer { Name = "conv", Filters = 8, Activation = ActivationKind.Relu },
            new BatchNormalizationLayer { Name = "norm" },
            new MaxPooling2dLayer { Name = "pool" },
            new FlattenLayer { Name = "flat" },
            new DropoutLayer { Name = "drop", Rate = 0.3 },
            new DenseLayer { Name = "dense", Units = 16, Activation = ActivationKind.Relu },
            new DenseLayer { Name = "output" },
        ]);
    }
}
