using CnnService.Core.Datasets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Training.Advice;

/// <summary>Rules on the training images: too few, unbalanced, or of a class that is never predicted.</summary>
internal static class DatasetSizeRules
{
    public const string TooFewCode = "images.too-few";

    public const string UnbalancedCode = "classes.unbalanced";

    public const string NeverPredictedCode = "class.never-predicted";

    /// <summary>
    /// Too few: training accuracy is at least 0.9, validation accuracy 0.1 lower, and the mean class has fewer than 2000 images.
    /// </summary>
    private const double HighAccuracy = 0.9;
    private const double AccuracyGap = 0.1;
    private const double FewImagesPerClass = 2000;

    /// <summary>Unbalanced: the largest class has at least three times as many images as the smallest,</summary>
    private const double ImbalanceRatio = 3;

    /// <summary>and the recall of the smallest class is 0.1 below the accuracy.</summary>
    private const double RecallGap = 0.1;

    private const int MaxNames = 5;

    /// <summary>High training accuracy, low validation accuracy, and few images.</summary>
    public static RunAdvice? TooFew(RunFacts facts)
    {
        if (facts.TrainingImages is not { } images || facts.Validated is not [.., var last])
        {
            return null;
        }

        var mean = images.Average();
        return last.Accuracy >= HighAccuracy && last.Accuracy - last.ValidationAccuracy >= AccuracyGap && mean < FewImagesPerClass
            ? new(
                TooFewCode,
                facts.Plan.Classifier is not null
                    ? "Collect more images of each class: more copies of each image (classifier.views) close only a part of the gap."
                    : facts.Plan.Augmentation == AugmentationSpec.None
                    ? "Ask for augmentation (\"article\" or \"strong\"): it makes new images of the ones there are. Or start from a "
                        + "network that was trained on many."
                    : "Collect more images, or start from a network that was trained on many: augmentation alone did not close the gap.",
                $"In epoch {last.Epoch} the accuracy is {last.Accuracy:F3} on training images and "
                + $"{last.ValidationAccuracy:F3} on validation images, with {mean:F0} training images a class.")
            {
                Change = facts.Plan.Classifier is not null ? """{"classifier":{"views":4}}"""
                    : facts.Plan.Augmentation == AugmentationSpec.None ? """{"augmentation":"article"}""" : null,
            }
            : null;
    }

    /// <summary>Classes of very different size, with an effect on recall.</summary>
    public static RunAdvice? Unbalanced(RunFacts facts)
    {
        if (facts.TrainingImages is not { Count: > 0 } images || facts.Plan.ClassWeights is not null)
        {
            return null;
        }

        var small = Enumerable.Range(0, images.Count).MinBy(label => images[label]);
        var large = Enumerable.Range(0, images.Count).MaxBy(label => images[label]);
        var ratio = (double)images[large] / Math.Max(1, images[small]);
        var recall = facts.Evaluation?.Classes[small].Recall ?? double.NaN;
        if (ratio < ImbalanceRatio || recall > facts.Evaluation?.Accuracy - RecallGap)
        {
            return null;
        }

        var found = double.IsFinite(recall)
            ? $"; of \"{facts.Plan.Classes[small]}\" {recall:P0} are found, of all images {facts.Evaluation!.Accuracy:P0}"
            : string.Empty;
        return new(
            UnbalancedCode,
            "Collect more images of the small classes, or give them weight with classWeights: \"balanced\".",
            $"\"{facts.Plan.Classes[large]}\" has {images[large]} training images, "
            + $"\"{facts.Plan.Classes[small]}\" {images[small]}: {ratio:F1} times as many{found}.")
        {
            Change = """{"classWeights":"balanced"}""",
        };
    }

    /// <summary>Classes that the network never predicts, where it has learned something: else that is the reason.</summary>
    public static RunAdvice? NeverPredicted(RunFacts facts)
    {
        if ((LearningRateRules.TooHigh(facts) ?? LossCurveRules.NotLearning(facts)) is not null)
        {
            return null;
        }

        ClassFigures[] never = [.. (facts.Evaluation?.Classes ?? []).Where(figures => figures is { Support: > 0, Predicted: 0 })];
        if (never.Length == 0)
        {
            return null;
        }

        var names = string.Join(", ", never.Take(MaxNames).Select(figures => $"\"{figures.Name}\" ({figures.Support} images)"));
        return new(
            NeverPredictedCode,
            "Look at the images of the class: are there enough, are they in the right folder, can they be told from those of another "
            + "class at this image size?",
            never.Length > MaxNames ? $"{never.Length} classes are never predicted: {names}, …" : $"Never predicted: {names}.");
    }
}
