namespace CnnService.Core.Classification;

/// <summary>Ranks class probabilities.</summary>
public static class TopK
{
    /// <summary>The most probable classes, best first; the class that comes first in the model wins a tie.</summary>
    /// <param name="probabilities">One a class, 0–1.</param>
    /// <param name="classes">Class names in the same order.</param>
    /// <param name="count">Number of classes to list, at least 1; capped at the number of classes.</param>
    public static Prediction Select(IReadOnlyList<float> probabilities, IReadOnlyList<string> classes, int count)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfZero(classes.Count);
        if (probabilities.Count != classes.Count)
        {
            throw new ArgumentException(
                $"{classes.Count} classes need as many probabilities, received {probabilities.Count}.", nameof(probabilities));
        }

        ScoredClass[] top =
        [
            .. probabilities
                .Select((probability, index) => new ScoredClass(classes[index], probability))
                .OrderByDescending(scored => scored.Probability)
                .Take(count),
        ];
        return new(top[0].Label, top[0].Probability, top);
    }
}

/// <summary>A model's prediction for one image.</summary>
/// <param name="Label">Name of the most probable class.</param>
/// <param name="Probability">Its probability, 0–1.</param>
/// <param name="Top">The most probable classes, best first; the first is <paramref name="Label"/>.</param>
public sealed record Prediction(string Label, float Probability, IReadOnlyList<ScoredClass> Top);

/// <param name="Label">Name of the class.</param>
/// <param name="Probability">Its probability, 0–1.</param>
public sealed record ScoredClass(string Label, float Probability);
