using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Engine.Tests.Torch.Training;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Torch.Devices;

/// <summary>A training on another device than the processor runs wholly there and gives the processor's numbers.</summary>
[Collection(TorchSuite.Name)]
public sealed class LazyTrainingTests
{
    private static readonly string[] Frozen = ["conv", "norm", "pool", "flat"];

    private static readonly Dictionary<string, Func<TrainingPlan, TrainingPlan>> Plans = new(StringComparer.Ordinal)
    {
        ["adam"] = plan => plan,
        ["adamw"] = plan => plan with { Optimizer = new() { Name = OptimizerKind.Adamw, LearningRate = 0.003, WeightDecay = 0.01 } },
        ["sgd"] = plan => plan with { Optimizer = new() { Name = OptimizerKind.Sgd, LearningRate = 0.03 } },
        ["nesterov"] = plan => plan with
        {
            Optimizer = new() { Name = OptimizerKind.Sgd, LearningRate = 0.01, Momentum = 0.8, Nesterov = true },
        },
        ["rmsprop"] = plan => plan with { Optimizer = new() { Name = OptimizerKind.Rmsprop, LearningRate = 0.001, Momentum = 0.5 } },
        ["clipped"] = plan => WithoutNormalization(plan) with { GradientClip = 0.1, Schedule = new() { Name = ScheduleKind.Cosine } },
        ["mixup"] = plan => plan with { Mixup = 0.4, LabelSmoothing = 0.1, ClassWeights = [0.5, 1.5] },
        ["standardized"] = plan => plan with
        {
            Preprocessing = Preprocessing.Create(NormalizationKind.Standardize, 1, [0.4], [0.2]),
        },
        ["penalized"] = plan => WithLayers(plan, layer => layer is DenseLayer { Name: "dense" } dense ? dense with { L2 = 0.1 } : layer),
        ["no dropout"] = plan => WithLayers(plan, layer => layer is DropoutLayer dropout ? dropout with { Rate = 0 } : layer),
        ["own rates"] = plan => plan with { RateFactors = new Dictionary<string, double> { ["conv"] = 0.1 } },
        ["frozen features"] = plan => plan with { Frozen = Frozen },
        ["frozen and augmented"] = plan => plan with { Frozen = Frozen, Augmentation = AugmentationSpec.Article },
        ["article augmentation"] = plan => plan with { Augmentation = AugmentationSpec.Article },
        ["strong augmentation"] = plan => plan with { Augmentation = AugmentationSpec.Strong },
        ["flips"] = plan => plan with { Augmentation = new() { HorizontalFlip = true, VerticalFlip = true } },
    };

    public static TheoryData<string> Options => [.. Plans.Keys];

    [Theory]
    [MemberData(nameof(Options))]
    public void Train_WithEachOption_GivesTheProcessorsNumbers(string option)
    {
        var plan = Plans[option](Plan);
        using var processor = new TrainingBench { Plan = plan };
        using var other = Bench(plan);
        using var observer = new RecordingObserver { OnStep = LazyDevice.Sync };

        var expected = processor.Train().Value;
        var trained = other.Train(observer).Value;

        Assert.Equal(LazyDevice.Device.ToString(), observer.Start!.Value.Device);
        Assert.Equal(
            option == "frozen features", observer.Messages.Any(message => message.Contains("is frozen", StringComparison.Ordinal)));
        AssertNear(expected, trained, 1e-3);
    }

    [Fact]
    public void Train_ImagesThatAreStreamed_GivesTheProcessorsNumbers()
    {
        using var processor = new TrainingBench { Plan = Plan };
        using var other = new TrainingBench
        {
            Plan = Plan,
            Devices = LazyDevice.Only,
            Time = new FakeTimeProvider(),
            MaxResidentMebibytes = 0,
        };
        using var observer = new RecordingObserver { OnStep = LazyDevice.Sync };

        AssertNear(processor.Train().Value, other.Train(observer).Value, 1e-3);
    }

    [Fact]
    public void Train_InBfloat16_StaysNearTheProcessorsNumbers()
    {
        var plan = Plan with { Precision = Precision.Bfloat16 };
        using var processor = new TrainingBench { Plan = plan };
        using var other = Bench(plan);

        using var observer = new RecordingObserver { OnStep = LazyDevice.Sync };

        AssertNear(processor.Train().Value, other.Train(observer).Value, 0.05);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    public void Train_CancelledAtAStep_GoesOnBitEqual(int step)
    {
        var plan = TrainingBench.Some.Plan() with { Epochs = 2, Augmentation = AugmentationSpec.Strong };
        using var straight = Bench(plan);
        using var bench = Bench(plan);
        using var observer = new RecordingObserver { CancelAfter = step, OnStep = LazyDevice.Sync };
        Assert.Throws<OperationCanceledException>(() => bench.Train(observer));

        Assert.Equal(HashOf(straight), HashOf(bench));

        static string HashOf(TrainingBench of)
        {
            using var whole = new RecordingObserver { OnStep = LazyDevice.Sync };
            return TrainingBench.HashOf(of.Train(whole).Value.Weights);
        }
    }

    [Fact]
    public void Train_WhateverItsEnd_LeavesNoTensor()
    {
        using var first = Bench(Plan);
        var before = LiveTensors.Count();
        using (var whole = Bench(Plan))
        using (var cancelled = Bench(Plan))
        {
            using var synced = new RecordingObserver { OnStep = LazyDevice.Sync };
            Assert.True(whole.Train(synced, whole.Plan with { Epochs = 1, Augmentation = AugmentationSpec.Strong, Mixup = 0.2 }).Succeeded);
            using var observer = new RecordingObserver { CancelAfter = 3, OnStep = LazyDevice.Sync };
            Assert.Throws<OperationCanceledException>(() => cancelled.Train(observer));
        }

        Assert.Equal(before, LiveTensors.Count());
    }

    /// <summary>
    /// Without the bias before the normalization: its gradient is rounding noise, of which Adam makes whole steps. With 16 filters, for
    /// which libtorch's kernels are right on every processor: matrix multiplication instead would compute the statistics twice.
    /// </summary>
    private static TrainingPlan Plan => WithLayers(
        TrainingBench.Some.Plan() with { Epochs = 2 },
        layer => layer is Conv2dLayer conv ? conv with { UseBias = false, Filters = 16 } : layer);

    /// <summary>
    /// Where no second passes: what is computed for the progress of a second, between two steps, would update the running statistics twice.
    /// </summary>
    private static TrainingBench Bench(TrainingPlan plan) =>
        new() { Plan = plan, Devices = LazyDevice.Only, Time = new FakeTimeProvider() };

    private static TrainingPlan WithLayers(TrainingPlan plan, Func<LayerSpec, LayerSpec> change) =>
        plan with { Network = plan.Network with { Layers = [.. plan.Network.Layers.Select(change)] } };

    /// <summary>The device lacks a function of the clipping; it computes what leads there twice, the statistics with it.</summary>
    private static TrainingPlan WithoutNormalization(TrainingPlan plan) => plan with
    {
        Network = plan.Network with { Layers = [.. plan.Network.Layers.Where(layer => layer is not BatchNormalizationLayer)] },
    };

    private static void AssertNear(TrainedNetwork expected, TrainedNetwork actual, double tolerance)
    {
        Assert.Equal(expected.History.Count, actual.History.Count);
        foreach (var (one, other) in expected.History.Zip(actual.History))
        {
            Assert.Equal(one.Loss, other.Loss, tolerance);
            Assert.Equal(one.ValidationLoss, other.ValidationLoss, tolerance);
        }

        foreach (var (name, tensor) in expected.Weights.All)
        {
            var scale = Math.Max(1, tensor.Data.Max(Math.Abs));
            var worst = tensor.Data.Zip(actual.Weights[name].Data, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= tolerance * scale, $"{name} differs by {worst}");
        }
    }
}
