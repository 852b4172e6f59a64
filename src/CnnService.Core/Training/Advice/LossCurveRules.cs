using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Advice;

/// <summary>Rules on the course of the losses over the epochs.</summary>
internal static class LossCurveRules
{
    public const string NotLearningCode = "training.not-learning";

    public const string OverfittingCode = "training.overfitting";

    public const string StillImprovingCode = "training.still-improving";

    /// <summary>
    /// Not learning: for at least this many epochs the training loss has not fallen below this share of the loss of guessing,
    /// </summary>
    private const int NotLearningMinEpochs = 3;
    private const double NotLearningLossShare = 0.95;

    /// <summary>and accuracy has covered less than this share of the way from guessing to perfect.</summary>
    private const double NotLearningAccuracyShare = 0.1;

    /// <summary>Overfitting: the mean of the last two validation losses exceeds the smallest one by this factor.</summary>
    private const double OverfittingLossRatio = 1.1;
    private const int ValidationsAfterBest = 2;

    /// <summary>Still improving: the last quarter of the run lowered the loss by this share.</summary>
    private const int MinEpochs = 4;
    private const double MinImprovement = 0.03;
    private const int RunFraction = 4;

    /// <summary>Loss and accuracy stay at the level of guessing, without another rule that explains it.</summary>
    public static RunAdvice? NotLearning(RunFacts facts)
    {
        if (facts.History.Count < NotLearningMinEpochs || LearningRateRules.TooHigh(facts) is not null)
        {
            return null;
        }

        var loss = facts.History.Min(epoch => epoch.Loss);
        var accuracy = facts.History.Max(
            epoch => double.IsFinite(epoch.ValidationAccuracy) ? Math.Max(epoch.Accuracy, epoch.ValidationAccuracy) : epoch.Accuracy);
        return loss >= NotLearningLossShare * facts.ChanceLoss
            && accuracy <= facts.ChanceAccuracy + (NotLearningAccuracyShare * (1 - facts.ChanceAccuracy))
            ? new(
                NotLearningCode,
                $"Try other learning rates, ten times smaller and ten times larger than "
                + $"{facts.LearningRate:g3}; look whether the images lie in the right class folders; a network with batch normalization "
                + $"learns more readily.",
                $"In {facts.History.Count} epochs the training loss never went below "
                + $"{loss:F3}, where guessing gives {facts.ChanceLoss:F3}; the best accuracy is "
                + $"{accuracy:F3}, guessing gives {facts.ChanceAccuracy:F3}.")
            : null;
    }

    /// <summary>Validation loss rose while training loss kept falling.</summary>
    public static RunAdvice? Overfitting(RunFacts facts)
    {
        var validated = facts.Validated;
        if (validated.Count <= ValidationsAfterBest)
        {
            return null;
        }

        var best = validated.MinBy(epoch => epoch.ValidationLoss)!;
        var after = validated.Count(epoch => epoch.Epoch > best.Epoch);
        var end = validated.TakeLast(ValidationsAfterBest).Average(epoch => epoch.ValidationLoss);
        return after >= ValidationsAfterBest && end >= OverfittingLossRatio * best.ValidationLoss && facts.Last.Loss < best.Loss
            ? new(
                OverfittingCode,
                $"The network learns the training images by heart. The weights of epoch "
                + $"{best.Epoch} are the ones kept; augmentation, more images, dropout or weight decay let it go on learning, "
                + $"earlyStopping saves the epochs behind.",
                $"The validation loss was smallest in epoch {best.Epoch} ({best.ValidationLoss:F3}) and is "
                + $"{validated[^1].ValidationLoss:F3} in epoch {validated[^1].Epoch}, while the training loss fell from "
                + $"{best.Loss:F3} to {facts.Last.Loss:F3}.",
                best.Epoch)
            {
                Change = facts.Plan.Augmentation == AugmentationSpec.None ? """{"augmentation":"article"}""" : null,
            }
            : null;
    }

    /// <summary>The run reached its last epoch while its loss was still falling.</summary>
    public static RunAdvice? StillImproving(RunFacts facts)
    {
        var validated = facts.Validated;
        (int Epoch, double Loss)[] losses = validated.Count >= MinEpochs
            ? [.. validated.Select(epoch => (epoch.Epoch, epoch.ValidationLoss))]
            : [.. facts.History.Select(epoch => (epoch.Epoch, epoch.Loss))];
        if (facts.History.Count < facts.Plan.Epochs || losses.Length < MinEpochs
            || (NotLearning(facts) ?? LearningRateRules.TooHigh(facts) ?? LearningRateRules.TooLow(facts)) is not null)
        {
            return null;
        }

        var (before, last) = (losses[^(1 + (losses.Length / RunFraction))], losses[^1]);
        var what = validated.Count >= MinEpochs ? "validation" : "training";
        return last.Loss <= losses.Min(epoch => epoch.Loss) && before.Loss - last.Loss >= MinImprovement * before.Loss
            ? new(
                StillImprovingCode,
                $"Train longer: ask for more epochs, for example {facts.Plan.Epochs * 2}, and let earlyStopping end the run.",
                $"The {what} loss was still falling: {before.Loss:F3} in epoch {before.Epoch}, {last.Loss:F3} in the last ({last.Epoch}).")
            {
                Change = $$$"""{"epochs":{{{Math.Min(10_000, facts.Plan.Epochs * 2)}}},"earlyStopping":{}}""",
            }
            : null;
    }
}
