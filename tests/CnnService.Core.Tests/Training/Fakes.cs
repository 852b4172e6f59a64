using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training;

/// <summary>Images of one pixel whose first byte is their index.</summary>
internal sealed class NumberedImages(int count) : IPixelSource
{
    public bool Disposed { get; private set; }

    public int Count => count;

    public int Height => 1;

    public int Width => 1;

    public int Channels => 3;

    public int Label(int index) => index % 2;

    public ReadOnlySpan<byte> Pixels(int index) => new byte[] { (byte)index, 0, 0 };

    public void Dispose() => Disposed = true;
}

/// <summary>Gives a logit for each image by a function of its first byte, and remembers what it saw.</summary>
internal sealed class RunnerOf(Func<byte, float[]> logits) : INetworkRunner
{
    public List<byte> Seen { get; } = [];

    public bool Disposed { get; private set; }

    public float[] Logits(PixelBatch batch)
    {
        var firsts = Enumerable.Range(0, batch.Count).Select(i => batch.Data.Span[i * batch.BytesPerImage]).ToList();
        Seen.AddRange(firsts);
        return [.. firsts.SelectMany(logits)];
    }

    public void Dispose() => Disposed = true;
}

/// <summary>A cache that holds the splits it is given.</summary>
internal sealed class CacheHolding(Dictionary<Split, NumberedImages> splits) : IPixelCache
{
    public Outcome<IPixelSource> Open(
        string datasetFolder, DatasetManifest manifest, Split split, int height, int width, int channels, CancellationToken cancel,
        IProgress<int>? decoded = null) =>
        Outcome.Success<IPixelSource>(splits[split]);

    public IPixelSource? TryOpen(DatasetManifest manifest, Split split, int height, int width, int channels) =>
        splits.GetValueOrDefault(split);
}

/// <summary>A trainer whose result is given; counts how often it is asked.</summary>
internal sealed class TrainerGiving(Func<Outcome<TrainedNetwork>> train, Func<INetworkRunner> load) : ITrainer, INetworkRunnerFactory
{
    public int Trainings { get; private set; }

    public int ValidationImages { get; private set; } = -1;

    /// <summary>Told to the observer; none: it is not told of a start either.</summary>
    public IReadOnlyList<EpochMetrics> Told { get; init; } = [];

    public Outcome<double> TimeStep(PlannedTraining planned, CancellationToken cancel) => 0.001;

    public Outcome<TrainedNetwork> Train(
        PlannedTraining planned,
        IPixelSource training,
        IPixelSource validation,
        string checkpoints,
        ITrainingObserver observer,
        CancellationToken cancel)
    {
        Assert.True(Directory.Exists(checkpoints));
        Trainings++;
        ValidationImages = validation.Count;
        if (Told.Count > 0)
        {
            observer.Started("cpu", Precision.Float32, 0);
        }

        foreach (var epoch in Told)
        {
            observer.Epoch(epoch);
        }

        return train();
    }

    public INetworkRunner Load(ResolvedNetwork network, NamedWeights weights, Preprocessing preprocessing) => load();
}

/// <summary>An exporter of five bytes, and a factory that takes nothing else.</summary>
internal sealed class FiveByteOnnx(Func<INetworkRunner> load) : IModelExporter, IOnnxRunnerFactory
{
    public static readonly byte[] File = [5, 4, 3, 2, 1];

    public byte[] Export(
        ResolvedNetwork network, NamedWeights weights, IReadOnlyList<string> classes, Preprocessing preprocessing,
        ExportVariant? variant = null) => File;

    public Outcome<INetworkRunner> Load(byte[] onnx, Preprocessing preprocessing, string? output = null)
    {
        Assert.Equal(File, onnx);
        return Outcome.Success(load());
    }
}

/// <summary>Features of an image by a function of its first byte.</summary>
internal sealed class FeaturesOf(Func<byte, float[]> features) : IFeatureRunners
{
    public int Images { get; private set; }

    public Outcome<FeatureRunner> Load(ResolvedNetwork network, NamedWeights weights, TrainingPlan plan) =>
        new FeatureRunner(new RunnerOf(first =>
        {
            Images++;
            return features(first);
        }), "cpu", Precision.Float32);
}

/// <summary>Keeps the sentences and the parts, passes over the rest.</summary>
internal sealed class Listener : ITrainingObserver
{
    public List<string> Sentences { get; } = [];

    public List<PartProgress> Parts { get; } = [];

    public void Part(PartProgress progress) => Parts.Add(progress);

    public void Started(string device, Precision precision, int resumedEpoch)
    {
    }

    public void Step(StepProgress progress)
    {
    }

    public void Epoch(EpochMetrics metrics)
    {
    }

    public void Checkpoint(int epoch, int step)
    {
    }

    public void Log(string message) => Sentences.Add(message);
}

/// <summary>Images of one pixel whose first byte is their index, of these labels.</summary>
internal sealed class LabelledImages(int[] labels) : IPixelSource
{
    public int Count => labels.Length;

    public int Height => 1;

    public int Width => 1;

    public int Channels => 3;

    public int Label(int index) => labels[index];

    public ReadOnlySpan<byte> Pixels(int index) => new byte[] { (byte)index, 0, 0 };

    public void Dispose()
    {
    }
}

/// <summary>Keeps the epochs of the last beginning.</summary>
internal sealed class EpochsKept : IEpochLog
{
    public string? Folder { get; private set; }

    public List<EpochMetrics> Epochs { get; private set; } = [];

    public Action<EpochMetrics> Begin(string folder, IReadOnlyList<EpochMetrics> history)
    {
        Folder = folder;
        Epochs = [.. history];
        return Epochs.Add;
    }
}
