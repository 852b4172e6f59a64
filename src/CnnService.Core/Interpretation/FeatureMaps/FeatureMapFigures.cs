using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>Feature maps as numbers.</summary>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Shape">Channels, height and width of the layer's output; height and width of a vector are 1.</param>
/// <param name="Sparsity">Sparsity over all maps of the layer.</param>
/// <param name="SilentFilters">Requested filters whose map is constant.</param>
/// <param name="Maps">The requested maps, in the order requested.</param>
public sealed record FeatureMapNumbers(
    string Model, string Layer, IReadOnlyList<int> Shape, LayerSparsity Sparsity, IReadOnlyList<int> SilentFilters,
    IReadOnlyList<FeatureMapFigures> Maps);

/// <summary>How much of a layer is inactive for an image.</summary>
/// <param name="Zeros">Share of the cells that are exactly 0, 0–1.</param>
/// <param name="Silent">Share of the maps that are constant, 0–1.</param>
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

/// <param name="Layer">Name of the layer.</param>
/// <param name="Shape">Channels, height and width.</param>
/// <param name="Sparsity">Sparsity of its maps for the image.</param>
public sealed record LayerFigures(string Layer, IReadOnlyList<int> Shape, LayerSparsity Sparsity);

/// <summary>A feature map as numbers.</summary>
/// <param name="Filter">Index of the filter.</param>
/// <param name="Min">Smallest value of the map.</param>
/// <param name="Max">Largest value of the map.</param>
/// <param name="Mean">Mean over the cells.</param>
/// <param name="StandardDeviation">Population standard deviation over the cells.</param>
/// <param name="ZeroShare">Share of the cells that are exactly 0, 0–1.</param>
/// <param name="Values">Values of the map, row by row.</param>
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
