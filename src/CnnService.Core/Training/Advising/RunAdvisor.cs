namespace CnnService.Core.Training.Advising;

/// <summary>
/// Derives advice from the metrics of a run, as an experienced practitioner would. Pure; the thresholds are in the
/// rules.
/// </summary>
public static class RunAdvisor
{
    public const string NothingWrong = "training.nothing-wrong";

    public const string TooEarly = "training.too-early";

    private static readonly Func<RunFacts, RunAdvice?>[] Rules =
    [
        LearningRateRules.TooHigh,
        CourseRules.NotLearning,
        CourseRules.Overfitting,
        PictureRules.TooFew,
        PictureRules.Unbalanced,
        PictureRules.NeverPredicted,
        LearningRateRules.TooLow,
        CourseRules.StillImproving,
    ];

    /// <summary>At least one piece of advice, the most important first.</summary>
    public static IReadOnlyList<RunAdvice> Of(RunFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        RunAdvice[] found = [.. Rules.Select(rule => rule(facts)).OfType<RunAdvice>()];
        return found.Length > 0 ? found : [Nothing(facts)];
    }

    private static RunAdvice Nothing(RunFacts facts) => facts.History.Count == 0 && facts.IsOver
        ? new(TooEarly, "Start the run again: it ended before its first epoch did, so there is nothing to judge.", "No epoch has ended.")
        : facts.History.Count == 0
        ? new(TooEarly, "Wait for the first epochs: there is nothing to judge yet.", "No epoch has ended.")
        : new(NothingWrong, "Nothing wrong is seen in the figures.", Sentence.Of($"{facts.History.Count} epochs, {Best(facts)}."));

    private static string Best(RunFacts facts)
    {
        var best = facts.History[EpochSelection.Best(facts.History)];
        return double.IsFinite(best.ValidationLoss)
            ? Sentence.Of($"validation loss {best.ValidationLoss:F3} and accuracy {best.ValidationAccuracy:F3} in the best one ({best.Epoch})")
            : Sentence.Of($"training loss {best.Loss:F3} and accuracy {best.Accuracy:F3} in the best one ({best.Epoch})");
    }
}
