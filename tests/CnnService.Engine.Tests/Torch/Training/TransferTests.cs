using System.Security.Cryptography;
using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Transfer;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>Runs that begin with another network's weights.</summary>
[Collection(TorchSuite.Name)]
public sealed class TransferTests : IDisposable
{
    private static readonly string[] Frozen = ["conv", "norm", "pool", "flat"];

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-transfer-").FullName;

    [Fact]
    public void FrozenLayers_StayBitForBit_AndAreComputedOnce()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver();
        var (start, weights) = Start();

        var trained = bench.Train(observer, bench.Plan with { StartFrom = start, Frozen = Frozen, Epochs = 6 }).Value;

        Assert.All(weights.All.Where(tensor => IsFrozen(tensor.Key)),
            tensor => Assert.Equal(tensor.Value.Data, trained.Weights[tensor.Key].Data));
        Assert.NotEqual(weights["dense.weight"].Data, trained.Weights["dense.weight"].Data);
        Assert.Contains(observer.Messages, message => message.Contains("'flat' is frozen", StringComparison.Ordinal));
        Assert.True(trained.Best.ValidationAccuracy > 0.9, $"accuracy {trained.Best.ValidationAccuracy}");
        AssertAsRunWhole(bench, trained);
    }

    [Fact]
    public void FrozenLayers_ImagesThatFailOnTheWay_LeaveNoTensor()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver();
        using var training = new StripedImages(16, seed: 1);
        using var validation = new FailingImages(new StripedImages(150, seed: 2), failsAt: 140); // In the third batch.
        var plan = bench.Plan with { Frozen = Frozen };
        var before = LiveTensors.Count();

        var failed = bench.Trainer.Train(
            plan.Resolve().Value, training, validation, bench.Folder, observer, TestContext.Current.CancellationToken);

        Assert.Equal("training.out-of-memory", failed.Problem?.Code);
        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount); // Without the help of a collection.
    }

    [Fact]
    public void FrozenLayersBehindAChangedImage_StayToo()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver();
        var (start, weights) = Start();
        var plan = bench.Plan with { StartFrom = start, Frozen = Frozen, Augmentation = new() { WidthShift = 0.1 } };

        var trained = bench.Train(observer, plan).Value;

        Assert.All(weights.All.Where(tensor => IsFrozen(tensor.Key)),
            tensor => Assert.Equal(tensor.Value.Data, trained.Weights[tensor.Key].Data));
        Assert.DoesNotContain(observer.Messages, message => message.Contains("is frozen", StringComparison.Ordinal));
    }

    [Fact]
    public void Stopped_AndTakenUp_EndsAsIfLeftAlone()
    {
        var (start, _) = Start();
        var plan = TrainingBench.Some.Plan() with { StartFrom = start, Frozen = Frozen };
        using var alone = new TrainingBench();
        var whole = alone.Train(plan: plan).Value;
        using var bench = new TrainingBench();
        using (var observer = new RecordingObserver { CancelAfter = 7 })
        {
            Assert.Throws<OperationCanceledException>(() => bench.Train(observer, plan));
        }

        var resumed = bench.Train(plan: plan).Value;

        Assert.Equal(TrainingBench.HashOf(whole.Weights), TrainingBench.HashOf(resumed.Weights));
    }

    [Fact]
    public void AModelThatIsGone_IsAProblem()
    {
        using var bench = new TrainingBench();
        var (start, _) = Start();

        Assert.Equal("model.not-found",
            bench.Train(plan: bench.Plan with { StartFrom = start with { WeightsHash = "other" } }).Problem!.Code);
        Assert.Equal("model.not-found",
            bench.Train(plan: bench.Plan with { StartFrom = start with { WeightsFile = "/nowhere" } }).Problem!.Code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The whole network, on the images themselves, is as good as the training said.</summary>
    private static void AssertAsRunWhole(TrainingBench bench, TrainedNetwork trained)
    {
        var network = NetworkSpecValidator.Resolve(bench.Plan.Network, 2, new Core.Common.ValidationErrors())!;
        using var runner = TrainingBench.Runners.Load(network, trained.Weights, bench.Plan.Preprocessing);
        using var images = new StripedImages(24, seed: 2);
        var logits = runner.Logits(images.Gather([.. Enumerable.Range(0, 24)]));
        var right = logits.Where((logit, i) => (logit > 0 ? 1 : 0) == images.Label(i)).Count();
        Assert.Equal(trained.Best.ValidationAccuracy, right / 24.0, 1e-9);
    }

    private static bool IsFrozen(string tensor) => Frozen.Contains(tensor[..tensor.IndexOf('.', StringComparison.Ordinal)]);

    private (StartingPoint Start, NamedWeights Weights) Start()
    {
        using var bench = new TrainingBench();
        var weights = bench.Train(plan: bench.Plan with { Epochs = 2, Seed = 77 }).Value.Weights;
        var path = Path.Combine(_folder, "weights.safetensors");
        using (var stream = File.Create(path))
        {
            SafetensorsFile.Write(stream, weights);
        }

        return (new("base", 1, path, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))), weights);
    }
}
