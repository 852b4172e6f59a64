using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Native;
using CnnService.Torch.Training;
using Microsoft.Extensions.Time.Testing;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class TorchTrainerTests
{
    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Bfloat16)]
    public void Train_GeneratedImages_TellsThemApart(Precision precision)
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver();

        var outcome = bench.Train(observer, bench.Plan with { Precision = precision, Epochs = 6 });

        Assert.True(outcome.Succeeded, outcome.Problem?.Detail);
        Assert.True(outcome.Value.Best.ValidationAccuracy > 0.9, $"accuracy {outcome.Value.Best.ValidationAccuracy}");
        Assert.Equal(precision, outcome.Value.Precision);
        Assert.Equal(("cpu", precision, 0), observer.Start);
        Assert.Equal(6 * TrainingBench.StepsPerEpoch, observer.Steps.Count);
        Assert.Equal(observer.Epochs, outcome.Value.History);
        Assert.All(observer.Epochs, epoch => Assert.True(epoch.ImagesPerSecond > 0));
    }

    [Theory]
    [InlineData(OptimizerKind.Adamw, 0.01)]
    [InlineData(OptimizerKind.Sgd, 0.03)]
    [InlineData(OptimizerKind.Rmsprop, 0.003)]
    public void Train_EachOptimizer_TellsTheImagesApart(OptimizerKind optimizer, double rate)
    {
        using var bench = new TrainingBench();
        var plan = bench.Plan with { Optimizer = new() { Name = optimizer, LearningRate = rate }, Epochs = 8 };

        Assert.True(bench.Train(plan: plan).Value.Best.ValidationAccuracy > 0.9);
    }

    [Fact]
    public void Train_AScheduledRate_IsToldWithEachEpoch() // Half a cosine over 15 steps, at the last step of each epoch.
    {
        using var bench = new TrainingBench();

        var history = bench.Train(plan: bench.Plan with { Schedule = new() { Name = ScheduleKind.Cosine } }).Value.History;

        Assert.All(history, epoch => Assert.Equal(
            0.01 * (1 + Math.Cos(Math.PI * ((epoch.Epoch * TrainingBench.StepsPerEpoch) - 1) / 15)) / 2, epoch.LearningRate, 1e-12));
    }

    [Fact]
    public void Train_ValidatingEveryThirdEpoch_ValidatesThatAndTheLast()
    {
        using var bench = new TrainingBench();

        var trained = bench.Train(plan: bench.Plan with { ValidateEvery = 3, Epochs = 4 }).Value;

        Assert.Equal([true, true, false, false], trained.History.Select(epoch => double.IsNaN(epoch.ValidationLoss)));
        Assert.InRange(trained.Best.Epoch, 3, 4);
    }

    [Fact]
    public void Train_WithAnL2Penalty_EndsWithSmallerWeights()
    {
        using var bench = new TrainingBench();
        using var other = new TrainingBench();
        var layers = bench.Plan.Network.Layers.Select(
            layer => layer is DenseLayer { Name: "dense" } dense ? dense with { L2 = 0.1 } : layer);

        var plain = bench.Train().Value.Weights;
        var shrunk = other.Train(plan: bench.Plan with { Network = bench.Plan.Network with { Layers = [.. layers] } }).Value.Weights;

        Assert.True(Length(shrunk, "dense.weight") < 0.9 * Length(plain, "dense.weight"));
        Assert.True(Length(shrunk, "conv.weight") > 0.9 * Length(plain, "conv.weight"));

        static double Length(NamedWeights weights, string name) => Math.Sqrt(weights[name].Data.Sum(value => (double)value * value));
    }

    [Fact]
    public void Train_WithBalancedWeights_CountsARareClassAsMuch()
    {
        using var bench = new TrainingBench();

        // With all the weight on one class, everything is called by its name.
        var trained = bench.Train(plan: bench.Plan with { ClassWeights = [1000, 0.001], Epochs = 2 }).Value;

        Assert.Equal(0.5, trained.Best.ValidationAccuracy, 0.1);
    }

    [Fact]
    public void Train_AugmentedInBfloat16_StillTellsThemApart()
    {
        using var bench = new TrainingBench();
        var augmentation = new AugmentationSpec { WidthShift = 0.2, HeightShift = 0.2, HorizontalFlip = true, Brightness = 0.2 };

        var outcome = bench.Train(plan: bench.Plan with { Precision = Precision.Bfloat16, Epochs = 8, Augmentation = augmentation });

        Assert.True(outcome.Value.Best.ValidationAccuracy > 0.9, $"accuracy {outcome.Value.Best.ValidationAccuracy}");
    }

    [Fact]
    public void Train_AutomaticPrecision_FollowsTheProcessor()
    {
        using var bench = new TrainingBench();
        var outcome = bench.Train(plan: bench.Plan with { Precision = Precision.Auto, Epochs = 1 });
        var expected = ProcessorFlags.Has("avx512_bf16") || ProcessorFlags.Has("amx_bf16") ? Precision.Bfloat16 : Precision.Float32;
        Assert.Equal(expected, outcome.Value.Precision);
    }

    [Fact]
    public void Train_Result_HasTheBestEpochsWeights()
    {
        using var bench = new TrainingBench();
        var trained = bench.Train().Value;
        var network = NetworkSpecValidator.Resolve(bench.Plan.Network, 2, new ValidationErrors())!;
        using var images = new StripedImages(24, seed: 2);
        using var runner = TrainingBench.Runners.Load(network, trained.Weights, bench.Plan.Preprocessing);

        var logits = runner.Logits(images.Gather([.. Enumerable.Range(0, 24)]));

        // Cross-entropy of a sigmoid output, from its definition.
        var loss = logits.Select((logit, i) => Math.Log(1 + Math.Exp(images.Label(i) == 1 ? -logit : logit))).Average();
        Assert.Equal(trained.History.Min(epoch => epoch.ValidationLoss), trained.Best.ValidationLoss);
        Assert.Equal(trained.Best.ValidationLoss, loss, 1e-5);
    }

    [Fact]
    public void Train_NothingToValidate_KeepsTheSmallestTrainingLoss()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver();
        using var training = new StripedImages(40, seed: 1);
        using var none = new StripedImages(0, seed: 1);

        var outcome = bench.Trainer.Train(bench.Plan.Resolve().Value, training, none, bench.Folder, observer,
            CancellationToken.None);

        Assert.All(outcome.Value.History, epoch => Assert.True(double.IsNaN(epoch.ValidationLoss)));
        Assert.Equal(outcome.Value.History.Min(epoch => epoch.Loss), outcome.Value.Best.Loss);
    }

    [Fact]
    public void Train_SameSeed_GivesTheSameWeights_OtherSeedOthers()
    {
        using var first = new TrainingBench();
        using var second = new TrainingBench();
        using var other = new TrainingBench { Plan = TrainingBench.Some.Plan() with { Seed = 6 } };

        var hash = TrainingBench.HashOf(first.Train().Value.Weights);

        Assert.Equal(hash, TrainingBench.HashOf(second.Train().Value.Weights));
        Assert.NotEqual(hash, TrainingBench.HashOf(other.Train().Value.Weights));
    }

    [Fact]
    public void Train_EarlyStopping_EndsWhenNothingGetsBetter()
    {
        using var bench = new TrainingBench();
        var plan = bench.Plan with { Epochs = 50, Optimizer = new() { LearningRate = 1e-12 }, EarlyStopping = new() { Patience = 2 } };
        var history = bench.Train(plan: plan).Value.History;
        Assert.InRange(history.Count, 3, 49);
        Assert.True(EpochSelection.ShouldStop(history, plan.EarlyStopping));
    }

    [Fact]
    public void Train_NumbersOverflow_EndsWithStepAndRateAndSavesNothing()
    {
        using var bench = new TrainingBench { Time = new FakeTimeProvider() }; // Checked each second, and at the end of the epoch.
        var plan = bench.Plan with { Preprocessing = bench.Plan.Preprocessing with { Std = [1e-38] } };

        var problem = bench.Train(plan: plan).Problem;

        Assert.Equal("training.diverged", problem?.Code);
        Assert.Contains("after step 5 of epoch 1", problem!.Detail, StringComparison.Ordinal);
        Assert.Contains("0.01", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("It was never saved.", problem.Detail, StringComparison.Ordinal);
        Assert.Empty(bench.Checkpoints);
    }

    [Fact]
    public void Train_RateFarTooHigh_NamesTheFirstBadTensor()
    {
        using var bench = new TrainingBench();
        var network = bench.Plan.Network with
        {
            Layers = [.. bench.Plan.Network.Layers.Where(layer => layer is not BatchNormalizationLayer)]
        };

        var problem = bench.Train(
            plan: bench.Plan with { Network = network, Epochs = 50, Optimizer = new() { LearningRate = 1e36 } }).Problem;

        Assert.Equal("training.diverged", problem?.Code);
        Assert.Contains("tensor 'conv.weight'", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void LastGood_FolderWithCheckpoints_NamesTheNewest()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver { CancelAfter = 12 };
        Assert.Throws<OperationCanceledException>(() => bench.Train(observer));

        Assert.Equal("The last good checkpoint is kept: 2 epochs and 2 steps.", CheckpointStore.DescribeLast(bench.Folder));
    }

    [Fact]
    public void Train_DiskFull_IsAProblem()
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver { FailAtCheckpoint = _ => new IOException("No space left on device", 28) };
        Assert.Equal("storage.full", bench.Train(observer).Problem?.Code);
    }

    [Fact]
    public void Train_CudaWithoutGpu_IsAProblem()
    {
        Assert.SkipWhen(LoadedTorch.Runtime.Require().Devices.Count > 1, "This host has a GPU.");
        using var bench = new TrainingBench();
        Assert.Equal("training.device-unavailable", bench.Train(plan: bench.Plan with { Device = DeviceChoice.Cuda }).Problem?.Code);
    }

    [Fact]
    public void Train_WhateverItsEnd_LeavesNoTensor()
    {
        var before = LiveTensors.Count();
        using (var whole = new TrainingBench())
        using (var cancelled = new TrainingBench())
        using (var diverged = new TrainingBench())
        {
            whole.Train(plan: whole.Plan with { Augmentation = AugmentationSpec.Strong });
            using var observer = new RecordingObserver { CancelAfter = 3 };
            Assert.Throws<OperationCanceledException>(() => cancelled.Train(observer));
            diverged.Train(plan: diverged.Plan with { Preprocessing = diverged.Plan.Preprocessing with { Std = [1e-38] } });
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Train_Threads_AreThoseOfThePlan()
    {
        using var bench = new TrainingBench();
        bench.Train(plan: bench.Plan with { Threads = 1, Epochs = 1 });
        Assert.Equal(1, get_num_threads());
    }

    [Fact]
    public void IsOutOfMemory_RefusalOfTheAllocator_IsTold()
    {
        var failure = Assert.ThrowsAny<Exception>(() => empty(1L << 50).Dispose());
        Assert.True(NativeFailures.IsOutOfMemory(failure), failure.Message);
        Assert.False(NativeFailures.IsOutOfMemory(Assert.ThrowsAny<Exception>(() => ones(2, 3).mm(ones(2, 3)).Dispose())));
    }

    [Fact]
    public void Logits_ImageOfAnotherSize_NamesBoth()
    {
        using var bench = new TrainingBench();
        var network = NetworkSpecValidator.Resolve(bench.Plan.Network, 2, new ValidationErrors())!;
        using var runner = TrainingBench.Runners.Load(network, bench.Train().Value.Weights, bench.Plan.Preprocessing);
        var failure = Assert.Throws<ArgumentException>(() => runner.Logits(new PixelBatch(new byte[100], 1, 10, 10, 1)));
        Assert.Contains("takes [1, 12, 12], received [1, 10, 10]", failure.Message, StringComparison.Ordinal);
    }
}
