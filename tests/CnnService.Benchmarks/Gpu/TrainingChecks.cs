using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using CnnService.Torch.Training;
using Microsoft.Extensions.Options;

namespace CnnService.Benchmarks.Gpu;

/// <summary>Whole trainings on a device, on generated images.</summary>
internal sealed class TrainingChecks(CheckedDevice device)
{
    private const int Side = 32;

    /// <summary>
    /// The same plan twice. On a GPU sums are taken in an order that is not fixed, so weights differ by rounding, and a step of Adam, whose
    /// length does not depend on the gradient's, may turn round where that is near zero: what is judged is the length of all differences.
    /// </summary>
    public CheckResult SameSeedTwice()
    {
        var first = Train(Plan(device.Choice), null).Value;
        var second = Train(Plan(device.Choice), null).Value;
        return new(
            first.Device == device.Name && Distance(first.Weights, second.Weights) < 0.05, ("device", first.Device),
            ("precision", first.Precision.ToString()), ("weights", Distance(first.Weights, second.Weights)),
            ("loss", first.History[^1].Loss), ("lossAgain", second.History[^1].Loss));
    }

    /// <summary>
    /// A training that began on the processor and is resumed on the device: either it goes on there, or a problem says why not.
    /// </summary>
    public CheckResult ResumeFromTheProcessor()
    {
        var folder = Directory.CreateTempSubdirectory("cnnservice-resume-").FullName;
        try
        {
            using var begun = new Watcher(device, cancelAfter: 7);
            try
            {
                Run(Plan(DeviceChoice.Cpu), folder, begun, on: new HostDevices(device.Runtime));
            }
            catch (OperationCanceledException)
            {
                // Its checkpoint is what goes on.
            }

            using var resumed = new Watcher(device, cancelAfter: int.MaxValue);
            var end = Run(Plan(device.Choice), folder, resumed);
            return end.Match(
                trained => new CheckResult(trained.Device == device.Name && trained.History.Count == 3,
                    ("device", trained.Device), ("loss", trained.History[^1].Loss), ("resumedAfter", resumed.ResumedEpoch)),
                problem => new CheckResult(problem.Code.Length > 0, ("problem", problem.Code), ("detail", problem.Detail)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A batch that no GPU has the memory for is answered, not a crash.</summary>
    public CheckResult TooLargeABatch()
    {
        if (!device.IsGpu)
        {
            return new(true, ("skipped", "it would take the host's memory"));
        }

        _ = PresetCatalog.TryFind("vgg16", out var preset);
        var plan = Plan(device.Choice) with
        {
            Network = preset!.Create(2, new(224, 224, 3)),
            BatchSize = 8192,
            Epochs = 1,
            Precision = Precision.Float32,
        };
        var problem = Train(plan, new NoiseImages(8192, 224)).Problem;
        return new(problem?.Code == "training.out-of-memory", ("problem", problem?.Code), ("detail", problem?.Detail));
    }

    private Outcome<TrainedNetwork> Train(TrainingPlan plan, NoiseImages? images)
    {
        var folder = Directory.CreateTempSubdirectory("cnnservice-check-").FullName;
        try
        {
            using var watcher = new Watcher(device, cancelAfter: int.MaxValue);
            return Run(plan, folder, watcher, images);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Outcome<TrainedNetwork> Run(TrainingPlan plan, string folder, Watcher watcher, NoiseImages? images = null, IDevices? on = null)
    {
        using var training = images ?? new NoiseImages(160, Side);
        using var validation = new NoiseImages(32, training.Height);
        return new TorchTrainer(on ?? device.Devices, Options.Create(new TorchOptions()), device.Time)
            .Train(plan.Resolve().Value, training, validation, folder, watcher, watcher.Token);
    }

    private static TrainingPlan Plan(DeviceChoice on)
    {
        _ = PresetCatalog.TryFind("article-cnn-bn", out var preset);
        return new()
        {
            RunId = "check",
            DatasetFolder = "/none",
            Dataset = "noise",
            DatasetDigest = "0",
            Classes = ["horizontal", "vertical"],
            Architecture = "custom",
            Network = preset!.Create(2, new(Side, Side, 3)),
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
            Epochs = 3,
            BatchSize = 32,
            Seed = 5,
            Optimizer = new() { LearningRate = 0.001 },
            Device = on,
        };
    }

    /// <summary>Length of the difference of all weights, relative to their length.</summary>
    private static double Distance(NamedWeights one, NamedWeights other) => Vectors.Difference(
        [.. one.All.SelectMany(pair => pair.Value.Data)], [.. one.All.SelectMany(pair => other[pair.Key].Data)]);

    /// <summary>Stops a training after a number of steps.</summary>
    private sealed class Watcher(CheckedDevice device, int cancelAfter) : ITrainingObserver, IDisposable
    {
        private readonly CancellationTokenSource _source = new();
        private int _steps;

        public CancellationToken Token => _source.Token;

        public int ResumedEpoch { get; private set; }

        public void Started(string device, Precision precision, int resumedEpoch) => ResumedEpoch = resumedEpoch;

        public void Step(StepProgress progress)
        {
            device.EndStep();
            if (++_steps >= cancelAfter)
            {
                _source.Cancel();
            }
        }

        public void Epoch(EpochMetrics metrics)
        {
        }

        public void Checkpoint(int epoch, int step)
        {
        }

        public void Log(string message)
        {
        }

        public void Dispose() => _source.Dispose();
    }
}
