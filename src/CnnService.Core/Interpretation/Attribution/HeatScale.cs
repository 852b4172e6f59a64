namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Maps attribution values to colours. 0 always means no evidence: the scale never starts at the minimum of the map.</summary>
/// <param name="Colors">Palette of the map.</param>
/// <param name="Low">Value of the first colour.</param>
/// <param name="High">Value of the last colour, above <paramref name="Low"/>.</param>
internal sealed record HeatScale(HeatColors Colors, double Low, double High)
{
    private const double PixelShare = 0.99;
    private const double MassShare = 0.98;

    /// <summary>
    /// Class activation maps, occlusion and RISE: 0 to the maximum. Saliency and SmoothGrad: 0 to the 99th percentile. Integrated
    /// gradients: symmetric about 0, up to the magnitude below which 98 % of the total lies.
    /// </summary>
    public static HeatScale Create(ExplainMethod method, Explanation map)
    {
        if (map.IsSigned)
        {
            var bound = Positive(MassBound(map.Values));
            return new(HeatColors.Signed, -bound, bound);
        }

        return method is ExplainMethod.Saliency or ExplainMethod.SmoothGrad
            ? new(HeatColors.Glow, 0, Positive(Quantile(map.Values, map.Max)))
            : new(HeatColors.Rainbow, 0, Positive(map.Max));
    }

    /// <summary>How much a value says, for or against: 0 (no evidence) to 1.</summary>
    public double Strength(double value) => Math.Min(1, Math.Abs(Math.Clamp(value, Low, High)) / High);

    public double Share(double value) => (Math.Clamp(value, Low, High) - Low) / (High - Low);

    /// <summary>Keeps a map without evidence at the first colour instead of amplifying noise.</summary>
    private static double Positive(double bound) => bound > 0 ? bound : 1;

    private static double Quantile(IReadOnlyList<float> values, double max)
    {
        var sorted = values.Order().ToArray();
        var bound = sorted[(int)(PixelShare * (sorted.Length - 1))];
        return bound > 0 ? bound : max;
    }

    private static double MassBound(IReadOnlyList<float> values)
    {
        var sorted = values.Select(value => Math.Abs((double)value)).Order().ToArray();
        var (wanted, sum) = (MassShare * sorted.Sum(), 0.0);
        return sorted.FirstOrDefault(value => (sum += value) >= wanted);
    }
}
