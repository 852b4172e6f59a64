namespace CnnService.Core.Interpretation;

/// <summary>Turns activations into 0–255.</summary>
public static class FeatureMapScaling
{
    private const double Contrast = 64;
    private const double Middle = 128;
    private const double MinSpread = 1e-6;

    /// <summary>
    /// One value for each cell of the map. A map (by layer: a layer) with next to no spread, or with values that are not
    /// numbers, is 0 all over rather than stretched noise.
    /// </summary>
    /// <param name="maps">All maps of the layer.</param>
    /// <param name="filter">The one to scale.</param>
    /// <param name="scale">How.</param>
    public static byte[] Apply(LayerActivations maps, int filter, FeatureMapScale scale)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var map = maps.Map(filter);
        return scale switch
        {
            FeatureMapScale.Filter => IsFlat(map) ? new byte[map.Length] : Standardize(map),
            FeatureMapScale.MinMax => Stretch(map, Range(map)),
            FeatureMapScale.Layer => Stretch(map, LayerRange(maps)),
            _ => throw new ArgumentOutOfRangeException(nameof(scale), scale, "is none of the scales"),
        };
    }

    /// <summary>What the darkest and the brightest colour stand for where all maps are on one scale; 0 is within.</summary>
    public static (double Low, double High) LayerRange(LayerActivations maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var (low, high) = Range(maps.Values.Span);
        return (Math.Min(0, low), high);
    }

    /// <summary>True where the map says nothing: <c>max - min &lt; 1e-6 * max(1, |max|)</c>, or it is not finite.</summary>
    public static bool IsFlat(ReadOnlySpan<float> map)
    {
        var (low, high) = Range(map);
        return IsFlat(low, high);
    }

    /// <summary><c>floor(clip(64*(x-mean)/std+128, 0, 255))</c>, standard deviation of the population.</summary>
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

    // Min and Max hand on what is not a number, so that one such value shows in the range.
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
