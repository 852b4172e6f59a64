namespace CnnService.Core.Interpretation.Projection;

/// <summary>What a layer answers to images, a row each, and what the network takes them for.</summary>
/// <param name="Features">The mean of each map.</param>
/// <param name="Places">Of the images, in their split.</param>
/// <param name="Predicted">Index of the class; empty for a network without classes.</param>
internal sealed record FeatureTable(double[][] Features, IReadOnlyList<int> Places, IReadOnlyList<int> Predicted)
{
    /// <summary>In memory, near enough.</summary>
    public long Bytes => Features.Sum(row => (long)row.Length * sizeof(double)) + ((Places.Count + Predicted.Count) * (long)sizeof(int));
}
