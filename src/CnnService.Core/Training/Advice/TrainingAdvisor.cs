using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Advice;

/// <summary>
/// Derives advice from the metrics of a run, as an experienced practitioner would. Pure; the thresholds are in the rules.
/// </summary>
public static class TrainingAdvisor
{
    public const string NothingWrongCode = "training.nothing-wrong";

    public const string TooEarlyCode = "training.too-early";

    private static readonly Func<RunFacts, RunAdvice?>[] Rules =
    [
        LearningRateRules.TooHigh,
        LossCurveRules.NotLearning,
        LossCurveRules.Overfitting,
        DatasetHealthRules.Leaked,
        DatasetHealthRules.Conflicting,
        DatasetSizeRules.TooFew,
        DatasetSizeRules.Unbalanced,
        DatasetSizeRules.NeverPredicted,
        LearningRateRules.TooLow,
        PretrainedStartRules.WouldHelp,
        LossCurveRules.StillImproving,
    ];

    /// <summary>Where an image has any number of labels: what is not about guessing one class, nor about the accuracy.</summary>
    private static readonly Func<RunFacts, RunAdvice?>[] RulesOfSeveralLabels =
    [
        LossCurveRules.Overfitting,
        DatasetHealthRules.Leaked,
        DatasetHealthRules.Conflicting,
        DatasetSizeRules.NeverPredicted,
        LossCurveRules.StillImproving,
    ];

    /// <summary>At least one piece of advice, the most important first.</summary>
    public static IReadOnlyList<RunAdvice> Advise(RunFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var trained = InSteps(facts);
        var rules = facts.Plan.Task == DatasetTask.MultiLabel ? RulesOfSeveralLabels : Rules;
        RunAdvice[] found = [.. rules.Select(rule => rule(trained)).OfType<RunAdvice>()];
        return found.Length > 0 ? found : [DefaultAdvice(facts)];
    }

    /// <summary>
    /// Without the fit that a fine-tuning begins with: its loss, on images as they are, does not compare with that of the epochs.
    /// </summary>
    private static RunFacts InSteps(RunFacts facts) => facts is { Plan.FineTuning: not null, History.Count: > 1 }
        ? facts with { Plan = facts.Plan with { Epochs = facts.Plan.Epochs - 1 }, History = [.. facts.History.Skip(1)] }
        : facts;

    private static RunAdvice DefaultAdvice(RunFacts facts) => facts.History.Count == 0 && facts.IsOver
        ? new(TooEarlyCode, "Start the run again: it ended before its first epoch did, so there is nothing to judge.",
            "No epoch has ended.")
        : facts.History.Count == 0
        ? new(TooEarlyCode, "Wait for the first epochs: there is nothing to judge yet.", "No epoch has ended.")
        : new(NothingWrongCode, "Nothing wrong is seen in the figures.", $"{facts.History.Count} epochs, {Best(facts)}.");

    private static string Best(RunFacts facts)
    {
        var best = facts.History[EpochSelection.BestIndex(facts.History)];
        return double.IsFinite(best.ValidationLoss)
            ? $"validation loss {best.ValidationLoss:F3} and accuracy {best.ValidationAccuracy:F3} in the best one ({best.Epoch})"
            : $"training loss {best.Loss:F3} and accuracy {best.Accuracy:F3} in the best one ({best.Epoch})";
    }
}
