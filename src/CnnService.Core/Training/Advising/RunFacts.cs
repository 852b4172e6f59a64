using CnnService.Core.Training.Evaluating;

namespace CnnService.Core.Training.Advising;

/// <summary>Everything that advice on a run is drawn from.</summary>
public sealed record RunFacts
{
    public required TrainingPlan Plan { get; init; }

    /// <summary>The epochs done, in order; may be empty.</summary>
    public required IReadOnlyList<EpochMetrics> History { get; init; }

    /// <summary>Training pictures of each class, in label order; null where they are not known.</summary>
    public IReadOnlyList<int>? TrainingPictures { get; init; }

    /// <summary>Of the exported network; null while there is none.</summary>
    public SplitEvaluation? Evaluation { get; init; }

    /// <summary>The code of the problem the run ended with; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>No epoch will follow: the run was cancelled or has failed.</summary>
    public bool IsOver { get; init; }

    internal int Classes => Plan.Classes.Count;

    /// <summary>Of the last epoch, or the plan's.</summary>
    internal double LearningRate => History.Count > 0 ? History[^1].LearningRate : Plan.Optimizer.LearningRate;

    internal EpochMetrics Last => History[^1];

    /// <summary>The epochs that were validated.</summary>
    internal IReadOnlyList<EpochMetrics> Validated => [.. History.Where(epoch => double.IsFinite(epoch.ValidationLoss))];

    /// <summary>The loss of one who knows how frequent the classes are and nothing else, nats: <c>ln K</c> where all are equal.</summary>
    internal double ChanceLoss => -Shares(Plan.ClassWeights).Where(share => share > 0).Sum(share => share * Math.Log(share));

    /// <summary>The accuracy of one who always says the most frequent class, 0–1.</summary>
    internal double ChanceAccuracy => Shares(null).Max();

    private double[] Shares(IReadOnlyList<double>? weights)
    {
        double[] counts = TrainingPictures is { } pictures && pictures.Sum() > 0
            ? [.. pictures.Select((count, label) => count * (weights?[label] ?? 1))]
            : [.. Enumerable.Repeat(1.0, Classes)];
        return [.. counts.Select(count => count / counts.Sum())];
    }
}
