namespace CnnService.Core.Classification;

/// <summary>How undecided an answer is.</summary>
public static class Uncertainty
{
    /// <summary>The entropy of the probabilities over the largest it can be, log(classes): 0 for one sure class, 1 where all are
    /// alike.</summary>
    /// <param name="probabilities">0–1, at least two.</param>
    public static double Compute(IReadOnlyList<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentOutOfRangeException.ThrowIfLessThan(probabilities.Count, 2);
        var entropy = probabilities.Sum(p => p > 0 ? -p * Math.Log(p) : 0);
        return Math.Clamp(entropy / Math.Log(probabilities.Count), 0, 1);
    }
}
