namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>Feature maps as numbers.</summary>
/// <param name="Model">Its name and version.</param>
/// <param name="Layer">Of its network.</param>
/// <param name="Shape">Channels, height and width of the layer's output; a vector's height and width are 1.</param>
/// <param name="Sparsity">Of all its maps.</param>
/// <param name="SilentFilters">Those asked for whose map is one value all over.</param>
/// <param name="Maps">Those asked for, in the order asked for.</param>
public sealed record FeatureMapNumbers(
    string Model, string Layer, IReadOnlyList<int> Shape, LayerSparsity Sparsity, IReadOnlyList<int> SilentFilters,
    IReadOnlyList<FeatureMapFigures> Maps);

/// <summary>How much of a layer is silent for an image.</summary>
/// <param name="Zeros">Share of the cells that are exactly 0.</param>
/// <param name="Silent">Share of the maps that are one value all over.</param>
public sealed record LayerSparsity(double Zeros, double Silent)
{
    public static LayerSparsity Compute(LayerActivations maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return new(
            FeatureMapFigures.Zeros(maps.Values.Span),
            maps.Height * maps.Width == 1
            ? 0
            : Enumerable.Range(0, maps.Channels).Count(channel => FeatureMapScaling.IsFlat(maps.Map(channel))) / (double)maps.Channels);
    }
}

/// <param name="Layer">Its name.</param>
/// <param name="Shape">Channels, height and width.</param>
/// <param name="Sparsity">Of its maps for the image.</param>
public sealed record LayerFigures(string Layer, IReadOnlyList<int> Shape, LayerSparsity Sparsity);

/// <summary>One map.</summary>
/// <param name="Filter">From 0.</param>
/// <param name="Min">Its smallest value.</param>
/// <param name="Max">Its largest value.</param>
/// <param name="Mean">Of its cells.</param>
/// <param name="StandardDeviation">Of the population of its cells.</param>
/// <param name="ZeroShare">Share of the cells that are exactly 0.</param>
/// <param name="Values">Row by row.</param>
public sealed record FeatureMapFigures(
    int Filter, double Min, double Max, double Mean, double StandardDeviation, double ZeroShare, IReadOnlyList<IReadOnlyList<float>> Values)
{
    public static FeatureMapFigures Compute(LayerActivations maps, int filter)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var map = maps.Map(filter).ToArray();
        var mean = maps.Mean(filter);
        return new(
            filter, map.Min(), map.Max(), mean, Math.Sqrt(map.Average(value => (value - mean) * (value - mean))), Zeros(map),
            [.. map.Chunk(maps.Width)]);
    }

    internal static double Zeros(ReadOnlySpan<float> values) => values.Count(0f) / (double)values.Length;
}
