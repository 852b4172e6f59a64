namespace CnnService.Core.Interpretation.Projection;

/// <summary>Features of images at a layer, one row each, with the network's predictions.</summary>
/// <param name="Features">Mean of each feature map, <c>[image][channel]</c>.</param>
/// <param name="Places">Index of each image in its split.</param>
/// <param name="Predicted">Index of the predicted class of each image; empty for a network without classes.</param>
internal sealed record FeatureTable(double[][] Features, IReadOnlyList<int> Places, IReadOnlyList<int> Predicted)
{
    /// <summary>Approximate memory in bytes.</summary>
    public long Bytes => Features.Sum(row => (long)row.Length * sizeof(double)) + ((Places.Count + Predicted.Count) * (long)sizeof(int));
}
