using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Evaluating;

/// <summary>How good a network is on the pictures of one split.</summary>
public sealed record SplitEvaluation
{
    /// <summary>The part of the data set; <c>train</c> where there was nothing to validate on: such figures flatter.</summary>
    public required Split Split { get; init; }

    /// <summary>Pictures judged.</summary>
    public required int Pictures { get; init; }

    /// <summary>Mean cross-entropy, nats.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of pictures whose most probable class is the true one, 0–1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>In label order.</summary>
    public required IReadOnlyList<ClassFigures> Classes { get; init; }

    /// <summary>Pictures by <c>[true class][predicted class]</c>, in label order; empty above <see cref="NetworkEvaluation.MostConfusion"/> classes.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Pictures by <c>[predicted class][tenth of its probability]</c>, in label order; null where an earlier version judged.</summary>
    public IReadOnlyList<IReadOnlyList<long>>? Tenths { get; init; }

    /// <summary>The surest wrong answers, surest first; at most <see cref="NetworkEvaluation.MostMistakes"/>.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }

    /// <summary>The surest wrong answers of each cell of the matrix, at most <see cref="ConfusionCell.Most"/> of one; empty in files of earlier versions.</summary>
    public IReadOnlyList<Mistake> MistakesByCell { get; init; } = [];
}

/// <summary>How good a network is at one class. A share of nothing is NaN (in JSON null).</summary>
/// <param name="Name">The class.</param>
/// <param name="Precision">Share of the pictures called so that are so, 0–1.</param>
/// <param name="Recall">Share of the class's pictures that are found, 0–1.</param>
/// <param name="F1">Harmonic mean of both, <c>2*hits/(support+predicted)</c>, 0–1.</param>
/// <param name="Support">Pictures of the class.</param>
/// <param name="Predicted">Pictures called so.</param>
public sealed record ClassFigures(string Name, double Precision, double Recall, double F1, int Support, int Predicted);

/// <summary>A picture taken for something else.</summary>
/// <param name="Image">Its id in the data set.</param>
/// <param name="TrueClass">What it is.</param>
/// <param name="PredictedClass">What the network says it is.</param>
/// <param name="Probability">Of the predicted class, 0–1.</param>
/// <param name="TrueProbability">Of the true class, 0–1.</param>
public sealed record Mistake(string Image, string TrueClass, string PredictedClass, double Probability, double TrueProbability);
