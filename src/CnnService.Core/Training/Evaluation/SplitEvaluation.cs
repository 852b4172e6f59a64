using System.Text.Json.Serialization;
using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Evaluation;

/// <summary>Metrics of a network on the images of one split.</summary>
public sealed record SplitEvaluation
{
    /// <summary>The split; <c>train</c> where there are no validation images, whose metrics are optimistic.</summary>
    public required Split Split { get; init; }

    /// <summary>Number of images evaluated.</summary>
    public required int Images { get; init; }

    /// <summary>Images of the split that are not counted here, because choices were based on them: half of the validation images.</summary>
    public int LeftOut { get; init; }

    /// <summary>Mean cross-entropy, nats; of several labels an image, the mean over images and classes.</summary>
    public required double Loss { get; init; }

    /// <summary>
    /// Share of the images whose most probable class is the true one, 0–1; of several labels an image, share of the images all of whose
    /// labels are right at the thresholds of their classes.
    /// </summary>
    public required double Accuracy { get; init; }

    /// <summary>Over all classes, where an image has any number of labels; else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MultiLabelFigures? MultiLabel { get; init; }

    /// <summary>In label order.</summary>
    public required IReadOnlyList<ClassFigures> Classes { get; init; }

    /// <summary>
    /// Confusion matrix: number of images by <c>[true class][predicted class]</c>, in label order; empty above <see
    /// cref="NetworkEvaluation.MaxConfusion"/> classes, and where an image has any number of labels.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>
    /// Number of images by <c>[predicted class][tenth of its probability]</c>, in label order; null in evaluations of an earlier version.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<long>>? Tenths { get; init; }

    /// <summary>Misclassified images, the most confident first; at most <see cref="NetworkEvaluation.MaxMistakes"/>.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }

    /// <summary>
    /// The most confident mistakes of each cell of the confusion matrix, at most <see cref="ConfusionCell.MaxMistakes"/> per cell; empty
    /// in files of earlier versions.
    /// </summary>
    public IReadOnlyList<Mistake> MistakesByCell { get; init; } = [];
}

/// <summary>Metrics of one class. A ratio with denominator 0 is null.</summary>
/// <param name="Name">The class.</param>
/// <param name="Precision">Share of the images predicted as this class that belong to it, 0–1.</param>
/// <param name="Recall">Share of the class's images that are predicted as it, 0–1.</param>
/// <param name="F1">Harmonic mean of both, <c>2*hits/(support+predicted)</c>, 0–1.</param>
/// <param name="Support">Number of images of the class.</param>
/// <param name="Predicted">Number of images predicted as the class.</param>
public sealed record ClassFigures(string Name, double? Precision, double? Recall, double? F1, int Support, int Predicted)
{
    /// <summary>Of several labels an image: mean of the precisions at each image of the class, 0–1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AveragePrecision { get; init; }

    /// <summary>Of several labels an image: the probability from which one is said to have the class.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Threshold { get; init; }
}

/// <summary>Figures over all classes, 0–1.</summary>
/// <param name="MicroF1">Of all answers together.</param>
/// <param name="MacroF1">Mean of the classes.</param>
/// <param name="MeanAveragePrecision">Mean of the classes.</param>
public sealed record MultiLabelFigures(double? MicroF1, double? MacroF1, double? MeanAveragePrecision);

/// <summary>A misclassified image.</summary>
/// <param name="Image">Its id in the data set.</param>
/// <param name="TrueClass">Its class.</param>
/// <param name="PredictedClass">The class that the network predicts.</param>
/// <param name="Probability">Of the predicted class, 0–1.</param>
/// <param name="TrueProbability">Of the true class, 0–1.</param>
public sealed record Mistake(string Image, string TrueClass, string PredictedClass, double Probability, double TrueProbability);
