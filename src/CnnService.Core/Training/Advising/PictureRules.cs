using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluating;

namespace CnnService.Core.Training.Advising;

/// <summary>Rules on the training images: too few, unbalanced, or of a class that is never predicted.</summary>
internal static class PictureRules
{
    public const string TooFewCode = "pictures.too-few";

    public const string UnbalancedCode = "classes.unbalanced";

    public const string NeverPredictedCode = "class.never-predicted";

    /// <summary>
    /// Too few: training accuracy is at least 0.9, validation accuracy 0.1 lower, and the mean class has fewer than 2000
    /// images.
    /// </summary>
    private const double Known = 0.9;
    private const double Gap = 0.1;
    private const double FewAClass = 2000;

    /// <summary>Unbalanced: the largest class has at least three times as many images as the smallest,</summary>
    private const double Unequal = 3;

    /// <summary>and the recall of the smallest class is 0.1 below the accuracy.</summary>
    private const double LessFound = 0.1;

    private const int MostNames = 5;

    /// <summary>High training accuracy, low validation accuracy, and few images.</summary>
    public static RunAdvice? TooFew(RunFacts facts)
    {
        if (facts.TrainingPictures is not { } pictures || facts.Validated is not [.., var last])
        {
            return null;
        }

        var mean = pictures.Average();
        return last.Accuracy >= Known && last.Accuracy - last.ValidationAccuracy >= Gap && mean < FewAClass
            ? new(
                TooFewCode,
                facts.Plan.Augmentation == AugmentationSpec.None
                    ? "Ask for augmentation (\"article\" or \"strong\"): it makes new pictures of the ones there are. Or start from a network that was trained on many."
                    : "Collect more pictures, or start from a network that was trained on many: augmentation alone did not close the gap.",
                Sentence.Of($"In epoch {last.Epoch} the accuracy is {last.Accuracy:F3} on training pictures and {last.ValidationAccuracy:F3} on validation pictures, with {mean:F0} training pictures a class."))
            : null;
    }

    /// <summary>Classes of very different size, with an effect on recall.</summary>
    public static RunAdvice? Unbalanced(RunFacts facts)
    {
        if (facts.TrainingPictures is not { Count: > 0 } pictures || facts.Plan.ClassWeights is not null)
        {
            return null;
        }

        var small = Enumerable.Range(0, pictures.Count).MinBy(label => pictures[label]);
        var large = Enumerable.Range(0, pictures.Count).MaxBy(label => pictures[label]);
        var ratio = (double)pictures[large] / Math.Max(1, pictures[small]);
        var recall = facts.Evaluation?.Classes[small].Recall ?? double.NaN;
        if (ratio < Unequal || recall > facts.Evaluation?.Accuracy - LessFound)
        {
            return null;
        }

        var found = double.IsFinite(recall) ? Sentence.Of($"; of \"{facts.Plan.Classes[small]}\" {recall:P0} are found, of all pictures {facts.Evaluation!.Accuracy:P0}") : string.Empty;
        return new(
            UnbalancedCode,
            "Collect more pictures of the small classes, or give them weight with classWeights: \"balanced\".",
            Sentence.Of($"\"{facts.Plan.Classes[large]}\" has {pictures[large]} training pictures, \"{facts.Plan.Classes[small]}\" {pictures[small]}: {ratio:F1} times as many{found}."));
    }

    /// <summary>Classes that the network never predicts.</summary>
    public static RunAdvice? NeverPredicted(RunFacts facts)
    {
        ClassFigures[] never = [.. (facts.Evaluation?.Classes ?? []).Where(figures => figures is { Support: > 0, Predicted: 0 })];
        if (never.Length == 0)
        {
            return null;
        }

        var names = string.Join(", ", never.Take(MostNames).Select(figures => $"\"{figures.Name}\" ({figures.Support} pictures)"));
        return new(
            NeverPredictedCode,
            "Look at the pictures of the class: are there enough, are they in the right folder, can they be told from those of another class at this picture size?",
            never.Length > MostNames ? $"{never.Length} classes are never predicted: {names}, …" : $"Never predicted: {names}.");
    }
}
