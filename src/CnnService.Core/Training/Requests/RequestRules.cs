using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Requests;

/// <summary>Checks the ranges of a training request's numbers; messages state the range and the value received.</summary>
internal static class RequestRules
{
    private const int MaxEpochs = 10_000;
    private const int MaxBatch = 4096;
    private const int MaxLabels = 16;
    private const long MaxSeed = (1L << 53) - 1;
    private static readonly TimeSpan MinBudget = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxBudget = TimeSpan.FromDays(7);

    public static void Check(TrainRequest request, ValidationErrors errors)
    {
        errors.Between(request.Epochs, 1, MaxEpochs, "epochs");
        errors.Between(request.BatchSize, 1, MaxBatch, "batchSize");
        errors.Between(request.Seed, 0, MaxSeed, "seed");
        errors.Between(request.ImageSize ?? 8, 8, 1024, "imageSize");
        errors.Between(request.ValidateEvery, 1, 1000, "validateEvery");
        errors.Between(request.EarlyStopping?.Patience ?? 1, 1, 1000, "earlyStopping.patience");
        errors.Between(request.SnapshotMebibytes ?? 0, 0, 1_000_000, "snapshotMebibytes");
        errors.Between(request.LabelSmoothing, 0, 0.9, "labelSmoothing");
        errors.Between(request.Mixup, 0, 10, "mixup");
        errors.AboveZero(request.GradientClip ?? 1, 1000, "gradientClip");
        errors.AboveZero(request.FineTuning?.Share ?? 1, 1, "fineTuning.share");
        errors.Require(request.TimeBudget is not { } budget || (budget >= MinBudget && budget <= MaxBudget), "timeBudget",
            $"must be from {MinBudget:c} to {MaxBudget:c}, received {request.TimeBudget:c}");
        errors.Require(request.Normalization != NormalizationKind.Custom, "normalization",
            "must not be custom, which only imported networks have");
        CheckRequires(request.Requires ?? [], errors);
        Check(request.Optimizer, errors.At("optimizer"));
        Check(request.Schedule, errors.At("schedule"));
    }

    private static void CheckRequires(IReadOnlyList<string> labels, ValidationErrors errors)
    {
        if (errors.Require(labels.Count <= MaxLabels, "requires", $"must have at most {MaxLabels} labels, received {labels.Count}"))
        {
            for (var i = 0; i < labels.Count; i++)
            {
                errors.Require(WorkerLabel.Parse(labels[i]) is not null, $"requires[{i}]",
                    $"{WorkerLabel.Rule}, received \"{ReceivedText.Text(labels[i] ?? string.Empty)}\"");
            }
        }
    }

    private static void Check(OptimizerSpec optimizer, ValidationErrors errors)
    {
        errors.AboveZero(optimizer.LearningRate, 10, "learningRate");
        errors.Between(optimizer.WeightDecay, 0, 1, "weightDecay");
        var hasMomentum = optimizer.Name is OptimizerKind.Sgd or OptimizerKind.Rmsprop;
        if (optimizer.Momentum is { } momentum && errors.Require(hasMomentum, "momentum", "must be given with sgd and rmsprop only"))
        {
            errors.BelowOne(momentum, "momentum");
        }

        errors.Require(
            !optimizer.Nesterov || (optimizer.Name == OptimizerKind.Sgd && optimizer.MomentumOrDefault > 0),
            "nesterov",
            "must be given with sgd and a momentum above 0 only");
    }

    private static void Check(ScheduleSpec schedule, ValidationErrors errors)
    {
        errors.Between(schedule.WarmupEpochs, 0, 1000, "warmupEpochs");
        errors.Require(schedule.WarmupEpochs == 0 || schedule.Name != ScheduleKind.OneCycle, "warmupEpochs",
            $"must be 0 with oneCycle, which has a warm-up of its own, received {schedule.WarmupEpochs}");
        errors.Between(schedule.StepEpochs, 1, MaxEpochs, "stepEpochs");
        errors.Between(schedule.Patience, 1, 1000, "patience");
        errors.BelowOne(schedule.Minimum, "minimum");
        errors.Require(schedule.Factor is > 0 and < 1, "factor", $"must be above 0 and below 1, received {schedule.Factor}");
    }
}
