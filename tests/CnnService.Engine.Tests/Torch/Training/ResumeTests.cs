using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Torch.Training;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class ResumeTests
{
    private static readonly Lazy<TrainedNetwork> Straight = new(() =>
    {
        using var bench = new TrainingBench();
        return bench.Train().Value;
    });

    public static TheoryData<int> EveryStep => [.. Enumerable.Range(1, 3 * TrainingBench.StepsPerEpoch)];

    public static TheoryData<string> Damages => ["flip", "truncate", "zeros", "magic", "empty"];

    [Theory]
    [MemberData(nameof(EveryStep))]
    public void Train_CancelledAtAStep_GoesOnBitEqual(int step)
    {
        using var bench = new TrainingBench();
        using var observer = new RecordingObserver { CancelAfter = step };

        Assert.Throws<OperationCanceledException>(() => bench.Train(observer));
        using var second = new RecordingObserver();
        var resumed = bench.Train(second).Value;

        Assert.Equal(step, (observer.Checkpoints[^1].Epoch * TrainingBench.StepsPerEpoch) + observer.Checkpoints[^1].Step);
        Assert.Equal(step / TrainingBench.StepsPerEpoch, second.Start!.Value.Epoch + (step % TrainingBench.StepsPerEpoch == 0 ? 1 : 0));
        Assert.Equal((3 * TrainingBench.StepsPerEpoch) - step, second.Steps.Count);
        AssertStraight(resumed);
    }

    [Theory]
    [InlineData(OptimizerKind.Adamw, ScheduleKind.Cosine)]
    [InlineData(OptimizerKind.Sgd, ScheduleKind.OneCycle)]
    [InlineData(OptimizerKind.Rmsprop, ScheduleKind.ReduceOnPlateau)]
    public void Train_WithTheWholeLoop_GoesOnBitEqual(OptimizerKind optimizer, ScheduleKind schedule)
    {
        var plan = TrainingBench.Some.Plan() with
        {
            Optimizer = new()
            {
                Name = optimizer,
                LearningRate = 0.003,
                WeightDecay = 0.01,
                Momentum = optimizer == OptimizerKind.Adamw ? null : 0.8,
            },
            Schedule = new() { Name = schedule, WarmupEpochs = schedule == ScheduleKind.Cosine ? 0.5 : 0, Patience = 1 },
            Mixup = 0.4,
            LabelSmoothing = 0.1,
            ClassWeights = [0.5, 1.5],
            GradientClip = 1,
            ValidateEvery = 2,
        };
        using var left = new TrainingBench { Plan = plan };
        var straight = left.Train().Value;
        using var bench = new TrainingBench { Plan = plan };
        foreach (var step in new[] { 3, 5, 4 }) // Steps 3, 8 and 12 in all: within each epoch.
        {
            using var observer = new RecordingObserver { CancelAfter = step };
            Assert.Throws<OperationCanceledException>(() => bench.Train(observer));
        }

        var resumed = bench.Train().Value;

        Assert.Equal(TrainingBench.WithoutTimes(straight.History), TrainingBench.WithoutTimes(resumed.History));
        Assert.Equal(TrainingBench.HashOf(straight.Weights), TrainingBench.HashOf(resumed.Weights));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    public void Train_AugmentedAndCancelled_GoesOnBitEqual(int step)
    {
        var plan = TrainingBench.Some.Plan() with { Augmentation = AugmentationSpec.Strong };
        using var straight = new TrainingBench { Plan = plan };
        using var bench = new TrainingBench { Plan = plan };
        using var observer = new RecordingObserver { CancelAfter = step };
        Assert.Throws<OperationCanceledException>(() => bench.Train(observer));

        var hash = TrainingBench.HashOf(straight.Train().Value.Weights);

        Assert.Equal(hash, TrainingBench.HashOf(bench.Train().Value.Weights));
        Assert.NotEqual(hash, TrainingBench.HashOf(Straight.Value.Weights));
    }

    [Fact]
    public void Train_CrashesBetweenCheckpoints_GoesOnBitEqual()
    {
        using var bench = new TrainingBench { Plan = TrainingBench.Some.Plan() with { CheckpointEvery = TimeSpan.Zero } };
        for (var crash = 0; crash < 6; crash++)
        {
            using var observer = new RecordingObserver { FailAtCheckpoint = count => count == 3 ? new TimeoutException() : null };
            Assert.Throws<TimeoutException>(() => bench.Train(observer));
            Assert.InRange(bench.Checkpoints.Length, 1, 2);
        }

        AssertStraight(bench.Train().Value);
    }

    [Fact]
    public void Train_FinishedRun_AnswersAtOnce()
    {
        using var bench = new TrainingBench();
        bench.Train();
        using var observer = new RecordingObserver();
        var again = bench.Train(observer).Value;
        Assert.Empty(observer.Steps);
        AssertStraight(again);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Train_NewestCheckpointDamaged_GoesOnFromTheOneBefore(string damage)
    {
        using var bench = Interrupted();
        var newest = bench.Checkpoints[^1];
        Damage(newest, damage);
        using var observer = new RecordingObserver();

        var resumed = bench.Train(observer).Value;

        Assert.Contains(observer.Messages, message => message.Contains(Path.GetFileName(newest), StringComparison.Ordinal));
        Assert.Equal((3 * TrainingBench.StepsPerEpoch) - 7, observer.Steps.Count);
        AssertStraight(resumed);
    }

    [Fact]
    public void Train_AllCheckpointsDamaged_IsAProblemAndNeverAFreshStart()
    {
        using var bench = Interrupted();
        foreach (var path in bench.Checkpoints)
        {
            Damage(path, "flip");
        }

        Assert.Equal("checkpoint.unreadable", bench.Train().Problem?.Code);
        Assert.Equal(2, bench.Checkpoints.Length);
    }

    [Fact]
    public void Train_CheckpointOfAnotherForm_IsRefusedWithBothNumbers()
    {
        using var bench = Interrupted();
        foreach (var path in bench.Checkpoints)
        {
            var bytes = File.ReadAllBytes(path);
            bytes[8] = 9;
            File.WriteAllBytes(path, bytes);
        }

        using var observer = new RecordingObserver();
        Assert.Equal("checkpoint.unreadable", bench.Train(observer).Problem?.Code);
        Assert.All(observer.Messages, message => Assert.Contains("form 9, this program reads 2", message, StringComparison.Ordinal));
    }

    [Fact]
    public void Train_OnAnotherDevice_KeepsItsPrecisionAndSaysWhatDiffers()
    {
        using var bench = new TrainingBench { Plan = TrainingBench.Some.Plan() with { Precision = Precision.Auto } };
        using (var first = new RecordingObserver { CancelAfter = 7 })
        {
            Assert.Throws<OperationCanceledException>(() => bench.Train(first));
        }

        Rewrite(bench.Checkpoints[^1], position => position with { Device = "cuda:0", Precision = Other(position.Precision) });
        using var observer = new RecordingObserver();
        var trained = bench.Train(observer).Value;

        Assert.Equal(("cpu", trained.Precision), (observer.Start!.Value.Device, observer.Start.Value.Precision));
        Assert.Contains(observer.Messages,
            message => message.StartsWith("The run was on cuda:0 and goes on on cpu", StringComparison.Ordinal));
        Assert.Contains(observer.Messages,
            message => message.StartsWith($"The run keeps its precision {trained.Precision.ToWireName()}", StringComparison.Ordinal));

        static Precision Other(Precision precision)
        {
            return precision == Precision.Bfloat16 ? Precision.Float32 : Precision.Bfloat16;
        }
    }

    [Fact]
    public void Train_OnTheSameDevice_SaysNothingOfIt()
    {
        using var bench = Interrupted();
        using var observer = new RecordingObserver();
        bench.Train(observer);
        Assert.Empty(observer.Messages);
    }

    [Fact]
    public void Train_PlanChanged_IsRefused()
    {
        using var bench = Interrupted();
        Assert.Equal("checkpoint.mismatch", bench.Train(plan: bench.Plan with { Seed = 99 }).Problem?.Code);
    }

    [Fact]
    public void Train_ElsewhereAndSavingLessOften_IsTheSamePlan()
    {
        using var bench = Interrupted();
        var moved = bench.Plan with { DatasetFolder = "/moved", CheckpointEvery = TimeSpan.FromHours(1), SnapshotBytes = 1 };
        AssertStraight(bench.Train(plan: moved).Value);
    }

    [Fact]
    public void Train_UnfinishedFileOfACrash_IsRemoved()
    {
        using var bench = Interrupted();
        var torn = bench.Checkpoints[^1] + ".tmp-0";
        File.WriteAllText(torn, "half");
        bench.Train();
        Assert.False(File.Exists(torn));
    }

    /// <summary>Cancelled after 8 steps, with checkpoints after 7 and 8.</summary>
    private static TrainingBench Interrupted()
    {
        var bench = new TrainingBench { Plan = TrainingBench.Some.Plan() with { CheckpointEvery = TimeSpan.Zero } };
        using var observer = new RecordingObserver { CancelAfter = 8 };
        Assert.Throws<OperationCanceledException>(() => bench.Train(observer));
        Assert.Equal(2, bench.Checkpoints.Length);
        return bench;
    }

    private static void Rewrite(string path, Func<CheckpointPosition, CheckpointPosition> change)
    {
        var state = CheckpointFile.Read(path, out _)!;
        CheckpointFile.Write(path, state with { Position = change(state.Position) });
    }

    private static void Damage(string path, string damage)
    {
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "flip":
                bytes[^100] ^= 1;
                break;
            case "truncate":
                bytes = bytes[..(bytes.Length / 2)];
                break;
            case "zeros":
                Array.Clear(bytes, 60, 200);
                break;
            case "magic":
                bytes[0] = 0;
                break;
            default:
                bytes = [];
                break;
        }

        File.WriteAllBytes(path, bytes);
    }

    private static void AssertStraight(TrainedNetwork resumed)
    {
        Assert.Equal(TrainingBench.WithoutTimes(Straight.Value.History), TrainingBench.WithoutTimes(resumed.History));
        Assert.Equal(TrainingBench.HashOf(Straight.Value.Weights), TrainingBench.HashOf(resumed.Weights));
    }
}
