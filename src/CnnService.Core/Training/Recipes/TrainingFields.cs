namespace CnnService.Core.Training.Recipes;

/// <summary>Fields of a training request, by what they are about.</summary>
internal static class TrainingFields
{
    /// <summary>Those of training in steps.</summary>
    public static IReadOnlyList<string> InSteps { get; } =
    [
        "epochs", "batchSize", "optimizer", "schedule", "augmentation", "earlyStopping", "gradientClip", "labelSmoothing", "mixup",
        "validateEvery", "freeze", "learningRateFactors", "snapshotMebibytes",
    ];

    /// <summary>Those of them that fine-tuning decides, or does not heed.</summary>
    public static IReadOnlyList<string> NotOfFineTuning { get; } = ["freeze", "snapshotMebibytes"];

    /// <summary>Those that say how a start is trained.</summary>
    public static IReadOnlyList<string> OfStarts { get; } = ["classifier", "fineTuning", .. InSteps];
}
