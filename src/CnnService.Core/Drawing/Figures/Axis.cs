namespace CnnService.Core.Drawing.Figures;

/// <summary>One axis of a plot.</summary>
/// <param name="Low">Value at its beginning.</param>
/// <param name="High">Value at its end, above <paramref name="Low"/>.</param>
/// <param name="Ticks">Values and what stands at them.</param>
internal sealed record Axis(double Low, double High, IReadOnlyList<(double Value, string Label)> Ticks)
{
    private const double Room = 0.05;

    /// <summary>Least span as a share of the largest value, so that noise is not magnified.</summary>
    private const double MinSpan = 0.05;
    private const double MinAbsoluteSpan = 1e-3;

    /// <summary>What the values are; empty for none.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Least room for the labels of an upright axis, so that plots below each other stand level.</summary>
    public double MinRoom { get; init; }

    public bool IsLog { get; init; }

    public bool HasGrid { get; init; } = true;

    /// <summary>Whether the ticks are drawn.</summary>
    public bool HasTicks { get; init; } = true;

    /// <summary>An axis that shows all values with some room; from 0 on where no value is below.</summary>
    /// <param name="values">Values that are not finite are left out; none at all give 0 to 1.</param>
    /// <param name="maxTicks">Most steps.</param>
    /// <param name="minStep">Least step; 1 for whole numbers.</param>
    public static Axis Around(IEnumerable<double> values, int maxTicks = 6, double minStep = 0)
    {
        var (low, high) = RangeOf(values);
        return new(low, high, AxisTicks.Compute(low, high, maxTicks, minStep));
    }

    /// <summary>The same from one value to another, without room.</summary>
    public static Axis Between(double low, double high, int maxTicks = 6, double minStep = 0) =>
        new(low, high, AxisTicks.Compute(low, high, maxTicks, minStep));

    /// <summary>A logarithmic axis that shows all values, which are above 0.</summary>
    public static Axis Log(IReadOnlyCollection<double> values)
    {
        var room = Math.Pow(values.Max() / values.Min(), Room);
        var (low, high) = (values.Min() / Math.Max(room, 1.05), values.Max() * Math.Max(room, 1.05));
        return new(low, high, AxisTicks.Decades(low, high)) { IsLog = true };
    }

    /// <summary>An axis of names, each in the middle of a step of its own: the first at 0, the second at 1.</summary>
    public static Axis Categories(IReadOnlyList<string> names) =>
        new(-0.5, names.Count - 0.5, [.. names.Select((name, i) => ((double)i, name))]) { HasGrid = false };

    /// <summary>Where a value lies: 0 at the beginning, 1 at the end; values beyond the ends lie at them.</summary>
    public double Share(double value) => Math.Clamp(
        IsLog
            ? Math.Log(Math.Max(value, Low) / Low) / Math.Log(High / Low)
            : (value - Low) / (High - Low), 0, 1);

    private static (double Low, double High) RangeOf(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (low > high)
        {
            return (0, 1);
        }

        var lacking = Math.Max(MinSpan * Math.Abs(high), MinAbsoluteSpan) - (high - low);
        var room = (Room * (high - low)) + Math.Max(0, lacking / 2);
        return (low >= 0 ? Math.Max(0, low - room) : low - room, high + room);
    }
}
