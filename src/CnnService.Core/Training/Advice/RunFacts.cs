using CnnService.Core.Datasets.Health;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Training.Advice;

/// <summary>The input of the advice rules.</summary>
public sealed record RunFacts
{
    public required TrainingPlan Plan { get; init; }

    /// <summary>Metrics of the finished epochs, in order; may be empty.</summary>
    public required IReadOnlyList<EpochMetrics> History { get; init; }

    /// <summary>Number of training images per class, in label order; null where unknown.</summary>
    public IReadOnlyList<int>? TrainingImages { get; init; }

    /// <summary>Evaluation of the exported network; null while there is none.</summary>
    public SplitEvaluation? Evaluation { get; init; }

    /// <summary>What is wrong with the images, where they have been looked at; else empty.</summary>
    public IReadOnlyList<HealthFinding> Findings { get; init; } = [];

    /// <summary>Code of the problem the run failed with; null where it did not fail.</summary>
    public string? Failure { get; init; }

    /// <summary>True where no epoch will follow: the run was cancelled or has failed.</summary>
    public bool IsOver { get; init; }

    internal int Classes => Plan.Classes.Count;

    /// <summary>The learning rate that was asked for; a schedule may have ended far below it.</summary>
    internal double LearningRate => Plan.Optimizer.LearningRate;

    internal EpochMetrics Last => History[^1];

    /// <summary>The epochs that were validated.</summary>
    internal IReadOnlyList<EpochMetrics> Validated => [.. History.Where(epoch => double.IsFinite(epoch.ValidationLoss))];

    /// <summary>Loss of a classifier that predicts the class frequencies, nats: <c>ln K</c> for K equally frequent classes.</summary>
    internal double ChanceLoss => -Shares(Plan.ClassWeights).Where(share => share > 0).Sum(share => share * Math.Log(share));

    /// <summary>Accuracy of a classifier that always predicts the most frequent class, 0–1.</summary>
    internal double ChanceAccuracy => Shares(null).Max();

    private double[] Shares(IReadOnlyList<double>? weights)
    {
        double[] counts = TrainingImages is { } images && images.Sum() > 0
            ? [.. images.Select((count, label) => count * (weights?[label] ?? 1))]
            : [.. Enumerable.Repeat(1.0, Classes)];
        return [.. counts.Select(count => count / counts.Sum())];
    }
}
