namespace CnnService.Core.Classification;

/// <summary>Measures how uncertain a prediction is.</summary>
public static class Uncertainty
{
    /// <summary>
    /// The entropy of the probabilities divided by its maximum, log(classes): 0 if one class is certain, 1 if all are equally likely.
    /// </summary>
    /// <param name="probabilities">0–1, at least two.</param>
    public static double Compute(IReadOnlyList<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentOutOfRangeException.ThrowIfLessThan(probabilities.Count, 2);
        var entropy = probabilities.Sum(p => p > 0 ? -p * Math.Log(p) : 0);
        return Math.Clamp(entropy / Math.Log(probabilities.Count), 0, 1);
    }
}
