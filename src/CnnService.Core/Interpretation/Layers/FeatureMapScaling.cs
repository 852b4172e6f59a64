using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation.Layers;

/// <summary>Scales activations to 0–255.</summary>
public static class FeatureMapScaling
{
    private const double Contrast = 64;
    private const double Middle = 128;
    private const double MinSpread = 1e-6;

    /// <summary>
    /// The default scaling: each map from no activation to its largest; by layer for vectors, since a single value cannot be scaled by its
    /// own range.
    /// </summary>
    internal static FeatureMapScale DefaultFor(ResolvedLayer layer) =>
        layer.OutputShape is { Height: > 1 } or { Width: > 1 } ? FeatureMapScale.MinMax : FeatureMapScale.Layer;

    /// <summary>
    /// One value a cell of the map. A map (by layer: a layer) of almost constant or non-finite values becomes 0 everywhere rather than
    /// amplified noise.
    /// </summary>
    /// <param name="maps">All maps of the layer.</param>
    /// <param name="filter">Index of the map to scale.</param>
    /// <param name="scale">Kind of scaling.</param>
    public static byte[] Apply(LayerActivations maps, int filter, FeatureMapScale scale)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var map = maps.Map(filter);
        return scale switch
        {
            FeatureMapScale.Filter => IsFlat(map) ? new byte[map.Length] : Standardize(map),
            FeatureMapScale.MinMax => IsFlat(map) ? new byte[map.Length] : Stretch(map, MapRange(map)),
            FeatureMapScale.Layer => Stretch(map, LayerRange(maps)),
            _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "is none of the scales"),
        };
    }

    /// <summary>Values of the darkest and the brightest colour of a map with a scale of its own; the range includes 0.</summary>
    public static (double Low, double High) MapRange(ReadOnlySpan<float> map)
    {
        var (low, high) = Range(map);
        return (Math.Min(0, low), Math.Max(0, high));
    }

    /// <summary>Values of the darkest and the brightest colour if all maps share one scale; the range includes 0.</summary>
    public static (double Low, double High) LayerRange(LayerActivations maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var (low, high) = Range(maps.Values.Span);
        return (Math.Min(0, low), high);
    }

    /// <summary>True for an almost constant map, <c>max - min &lt; 1e-6 * max(1, |max|)</c>, and for one with non-finite values.</summary>
    public static bool IsFlat(ReadOnlySpan<float> map)
    {
        var (low, high) = Range(map);
        return IsFlat(low, high);
    }

    /// <summary><c>floor(clip(64*(x-mean)/std+128, 0, 255))</c> with the population standard deviation.</summary>
    private static byte[] Standardize(ReadOnlySpan<float> map)
    {
        double sum = 0, squares = 0;
        foreach (var value in map)
        {
            sum += value;
        }

        var mean = sum / map.Length;
        foreach (var value in map)
        {
            squares += (value - mean) * (value - mean);
        }

        var deviation = Math.Sqrt(squares / map.Length);
        var result = new byte[map.Length];
        for (var i = 0; i < map.Length; i++)
        {
            result[i] = (byte)Math.Clamp((Contrast * (map[i] - mean) / deviation) + Middle, 0, byte.MaxValue);
        }

        return result;
    }

    /// <summary><c>round(255*(x-low)/(high-low))</c>.</summary>
    private static byte[] Stretch(ReadOnlySpan<float> map, (double Low, double High) range)
    {
        var result = new byte[map.Length];
        if (IsFlat(range.Low, range.High))
        {
            return result;
        }

        var factor = byte.MaxValue / (range.High - range.Low);
        for (var i = 0; i < map.Length; i++)
        {
            result[i] = (byte)Math.Round((map[i] - range.Low) * factor, MidpointRounding.AwayFromZero);
        }

        return result;
    }

    private static bool IsFlat(double low, double high) =>
        !double.IsFinite(high - low) || high - low < MinSpread * Math.Max(1, Math.Abs(high));

    // Min and Max propagate NaN, so that a single non-finite value shows in the range.
    private static (double Low, double High) Range(ReadOnlySpan<float> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return (low, high);
    }
}
