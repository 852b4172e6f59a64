using System.Globalization;

namespace CnnService.Core.Training.Advice;

/// <summary>Rules on learning rates that are too high or too low.</summary>
internal static class LearningRateRules
{
    public const string TooHighCode = "learning-rate.too-high";

    public const string TooLowCode = "learning-rate.too-low";

    private const string Diverged = "training.diverged";

    private const int MinEpochs = 4;

    /// <summary>
    /// An increase of the loss counts from 5 % of its previous value and 2 % of the loss of guessing, so that noise near zero is ignored.
    /// </summary>
    private const double MinRiseOfLoss = 0.05;
    private const double MinRiseOfChanceLoss = 0.02;

    /// <summary>Increases in one of four epochs, and at least two, are no longer an accident.</summary>
    private const int MinRises = 2;
    private const int EpochsPerRise = 4;

    /// <summary>A final loss above the first one by this factor shows a run that got worse.</summary>
    private const double WorseRatio = 1.2;

    /// <summary>A loss that stays above this multiple of the loss of guessing shows steps that overshoot.</summary>
    private const double FarRatio = 2;
    private const int FarMinEpochs = 2;

    /// <summary>
    /// Too low: the final training loss is still above this share of the loss of guessing, and it fell in this share of the epochs.
    /// </summary>
    private const double LittleLearnedLossShare = 0.75;
    private const double SteadyFallShare = 0.8;

    /// <summary>
    /// The run diverged, or its training loss oscillates, ends higher than it began, or stays far above that of guessing.
    /// </summary>
    public static RunAdvice? TooHigh(RunFacts facts)
    {
        if (facts.Failure == Diverged)
        {
            return new(
                TooHighCode,
                LowerRateAdvice(facts),
                $"Loss or weights left the finite numbers in epoch {facts.History.Count + 1}; the learning rate was "
                + $"{facts.LearningRate:g3}.",
                facts.History.Count + 1)
            {
                Change = Rate(facts.LearningRate / 10),
            };
        }

        return StaysHigh(facts) ?? Oscillates(facts);
    }

    /// <summary>The run has ended, learned little, and its training loss was falling all the time.</summary>
    public static RunAdvice? TooLow(RunFacts facts)
    {
        var history = facts.History;
        if (history.Count < Math.Max(MinEpochs, facts.Plan.Epochs) || (TooHigh(facts) ?? LossCurveRules.NotLearning(facts)) is not null)
        {
            return null;
        }

        var falls = Enumerable.Range(1, history.Count - 1).Count(i => history[i].Loss < history[i - 1].Loss);
        return facts.Last.Loss > LittleLearnedLossShare * facts.ChanceLoss && facts.Last.Loss < history[0].Loss
            && falls >= SteadyFallShare * (history.Count - 1)
            ? new(
                TooLowCode,
                $"Raise the learning rate, for example to {facts.LearningRate * 5:g3}, or train much longer.",
                $"The training loss fell in {falls} of {history.Count - 1} epochs, but only from "
                + $"{history[0].Loss:F3} to {facts.Last.Loss:F3}; guessing gives "
                + $"{facts.ChanceLoss:F3}. The learning rate was {facts.LearningRate:g3}.")
            {
                Change = Rate(facts.LearningRate * 5),
            }
            : null;
    }

    private static RunAdvice? StaysHigh(RunFacts facts)
    {
        var lowestLoss = facts.History.Select(epoch => epoch.Loss).DefaultIfEmpty(0).Min();
        return facts.History.Count >= FarMinEpochs && lowestLoss > FarRatio * facts.ChanceLoss
            ? new(TooHighCode, LowerRateAdvice(facts),
                $"The training loss never went below {lowestLoss:g4}, where guessing gives "
                + $"{facts.ChanceLoss:F3}; the learning rate was {facts.LearningRate:g3}.")
            {
                Change = Rate(facts.LearningRate / 10),
            }
            : null;
    }

    private static RunAdvice? Oscillates(RunFacts facts)
    {
        var history = facts.History;
        if (history.Count < MinEpochs)
        {
            return null;
        }

        int[] rises = [.. Enumerable.Range(1, history.Count - 1).Where(i => IsRise(history[i - 1].Loss, history[i].Loss, facts))];
        if (rises.Length >= Math.Max(MinRises, history.Count / EpochsPerRise))
        {
            var (before, after) = (history[rises[0] - 1], history[rises[0]]);
            return new(
                TooHighCode,
                LowerRateAdvice(facts),
                $"The training loss rose in {rises.Length} of {history.Count - 1} epochs, first from "
                + $"{before.Loss:F3} to {after.Loss:F3} in epoch {after.Epoch}.",
                after.Epoch)
            {
                Change = Rate(facts.LearningRate / 10),
            };
        }

        return facts.Last.Loss > WorseRatio * history[0].Loss && IsRise(history[0].Loss, facts.Last.Loss, facts)
            ? new(TooHighCode, LowerRateAdvice(facts),
                $"The training loss was {history[0].Loss:F3} in the first epoch and is {facts.Last.Loss:F3} in the last.")
            {
                Change = Rate(facts.LearningRate / 10),
            }
            : null;
    }

    private static string Rate(double rate) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""{"optimizer":{"learningRate":{{{rate:g3}}}}}""");

    private static string LowerRateAdvice(RunFacts facts) =>
        $"Lower the learning rate, for example to {facts.LearningRate / 10:g3}; a warm-up or a bound on the gradient helps too.";

    private static bool IsRise(double before, double after, RunFacts facts) =>
        after - before > Math.Max(MinRiseOfLoss * before, MinRiseOfChanceLoss * Math.Log(facts.Classes));
}
