using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Requests;

/// <summary>The ranges of a training request's numbers, told with what was received.</summary>
internal sealed class RequestRules(ValidationErrors errors)
{
    private const int MostEpochs = 10_000;
    private const int MostBatch = 4096;
    private const long MostSeed = (1L << 53) - 1;

    public void Check(TrainRequest request)
    {
        Range(request.Epochs, 1, MostEpochs, "epochs");
        Range(request.BatchSize, 1, MostBatch, "batchSize");
        Range(request.Seed, 0, MostSeed, "seed");
        Range(request.ImageSize ?? 8, 8, 1024, "imageSize");
        Range(request.ValidateEvery, 1, 1000, "validateEvery");
        Range(request.EarlyStopping?.Patience ?? 1, 1, 1000, "earlyStopping.patience");
        Range(request.SnapshotMebibytes ?? 0, 0, 1_000_000, "snapshotMebibytes");
        Between(request.LabelSmoothing, 0, 0.9, "labelSmoothing");
        Between(request.Mixup, 0, 10, "mixup");
        Above(request.GradientClip ?? 1, 1000, "gradientClip");
        errors.Require(request.Normalization != NormalizationKind.Custom, "normalization", "custom belongs to imported networks and cannot be asked for");
        Check(request.Optimizer);
        Check(request.Schedule);
    }

    /// <param name="augmentation">As read.</param>
    /// <param name="path">Where it stands in the request.</param>
    public void Check(AugmentationSpec augmentation, string path)
    {
        Between(augmentation.Rotation, 0, 180, $"{path}.rotation");
        Between(augmentation.WidthShift, 0, 1, $"{path}.widthShift");
        Between(augmentation.HeightShift, 0, 1, $"{path}.heightShift");
        Between(augmentation.Shear, 0, 1, $"{path}.shear");
        Below(augmentation.Zoom, $"{path}.zoom");
        Below(augmentation.Brightness, $"{path}.brightness");
        Below(augmentation.Contrast, $"{path}.contrast");
        Below(augmentation.Saturation, $"{path}.saturation");
        Between(augmentation.Cutout, 0, 1, $"{path}.cutout");
    }

    private void Check(OptimizerSpec optimizer)
    {
        Above(optimizer.LearningRate, 10, "optimizer.learningRate");
        Between(optimizer.WeightDecay, 0, 1, "optimizer.weightDecay");
        var hasMomentum = optimizer.Name is OptimizerKind.Sgd or OptimizerKind.Rmsprop;
        if (optimizer.Momentum is { } momentum && errors.Require(hasMomentum, "optimizer.momentum", "goes with sgd and rmsprop only"))
        {
            Below(momentum, "optimizer.momentum");
        }

        errors.Require(
            !optimizer.Nesterov || (optimizer.Name == OptimizerKind.Sgd && optimizer.MomentumOrDefault > 0),
            "optimizer.nesterov",
            "goes with sgd and a momentum above 0 only");
    }

    private void Check(ScheduleSpec schedule)
    {
        Between(schedule.WarmupEpochs, 0, 1000, "schedule.warmupEpochs");
        errors.Require(
            schedule.WarmupEpochs == 0 || schedule.Name != ScheduleKind.OneCycle, "schedule.warmupEpochs", "does not go with oneCycle, which rises by itself");
        Range(schedule.StepEpochs, 1, MostEpochs, "schedule.stepEpochs");
        Range(schedule.Patience, 1, 1000, "schedule.patience");
        Below(schedule.Minimum, "schedule.minimum");
        errors.Require(schedule.Factor is > 0 and < 1, "schedule.factor", $"must be above 0 and below 1, received {Text(schedule.Factor)}");
    }

    private void Range(long value, long low, long high, string path) =>
        errors.Require(value >= low && value <= high, path, FormattableString.Invariant($"must be between {low} and {high}, received {value}"));

    private void Between(double value, double low, double high, string path) =>
        errors.Require(value >= low && value <= high, path, FormattableString.Invariant($"must be between {low} and {high}, received {value}"));

    private void Below(double value, string path) =>
        errors.Require(value is >= 0 and < 1, path, $"must be at least 0 and below 1, received {Text(value)}");

    private void Above(double value, double high, string path) =>
        errors.Require(value > 0 && value <= high, path, FormattableString.Invariant($"must be above 0 and at most {high}, received {value}"));

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
