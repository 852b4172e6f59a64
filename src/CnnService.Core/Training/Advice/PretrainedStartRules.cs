namespace CnnService.Core.Training.Advice;

/// <summary>A rule on runs from scratch that a trained start would help.</summary>
internal static class PretrainedStartRules
{
    public const string WouldHelpCode = "start.pretrained-would-help";

    /// <summary>From this validation accuracy on, nothing is to be mended.</summary>
    private const double GoodAccuracy = 0.9;

    /// <summary>With more training images a class than these, a network learns them from scratch.</summary>
    private const double ManyImagesPerClass = 5000;

    private const int Colours = 3;

    /// <summary>The run trained colour images from scratch to its end, and is far from right.</summary>
    public static RunAdvice? WouldHelp(RunFacts facts)
    {
        if (facts.Plan.StartFrom is not null || facts.Plan.Network.Input.Channels != Colours || facts.Validated.Count == 0
            || facts.History.Count < facts.Plan.Epochs || facts.TrainingImages?.Average() > ManyImagesPerClass
            || (LossCurveRules.NotLearning(facts) ?? LearningRateRules.TooHigh(facts) ?? LearningRateRules.TooLow(facts)) is not null)
        {
            return null;
        }

        var best = facts.Validated.MaxBy(epoch => epoch.ValidationAccuracy)!;
        return best.ValidationAccuracy >= GoodAccuracy ? null : new(
            WouldHelpCode,
            "Start from a network that was trained on many photographs: the recipe quick takes about a minute for a few thousand images.",
            $"Trained from scratch, the best validation accuracy is {best.ValidationAccuracy:F3} (epoch {best.Epoch}).",
            best.Epoch)
        {
            Change = """{"recipe":"quick"}""",
        };
    }
}
