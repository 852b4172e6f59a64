namespace CnnService.Core.Interpretation.Attribution;

/// <summary>From a map's values to 0–1 of its colours. 0 always means no evidence: nothing is stretched from its minimum.</summary>
/// <param name="Colors">Of the map.</param>
/// <param name="Low">The value of the first colour.</param>
/// <param name="High">The value of the last one, above <paramref name="Low"/>.</param>
internal sealed record HeatScale(HeatColors Colors, double Low, double High)
{
    private const double PixelShare = 0.99;
    private const double MassShare = 0.98;

    /// <summary>
    /// Class maps, occlusion and rise: up to their largest value. Saliency: up to what 99 % of its pixels stay below. Integrated gradients:
    /// around 0, as far as 98 % of their mass lies.
    /// </summary>
    public static HeatScale Create(ExplainMethod method, Explanation map)
    {
        if (map.IsSigned)
        {
            var bound = Positive(MassBound(map.Values));
            return new(HeatColors.Signed, -bound, bound);
        }

        return method is ExplainMethod.Saliency or ExplainMethod.SmoothGrad
            ? new(HeatColors.Glow, 0, Positive(Quantile(map.Values, map.Most)))
            : new(HeatColors.Rainbow, 0, Positive(map.Most));
    }

    public double Share(double value) => (Math.Clamp(value, Low, High) - Low) / (High - Low);

    /// <summary>A map without evidence is the first colour all over, not stretched noise.</summary>
    private static double Positive(double bound) => bound > 0 ? bound : 1;

    private static double Quantile(IReadOnlyList<float> values, double most)
    {
        var sorted = values.Order().ToArray();
        var bound = sorted[(int)(PixelShare * (sorted.Length - 1))];
        return bound > 0 ? bound : most;
    }

    private static double MassBound(IReadOnlyList<float> values)
    {
        var sorted = values.Select(value => Math.Abs((double)value)).Order().ToArray();
        var (wanted, sum) = (MassShare * sorted.Sum(), 0.0);
        return sorted.FirstOrDefault(value => (sum += value) >= wanted);
    }
}
