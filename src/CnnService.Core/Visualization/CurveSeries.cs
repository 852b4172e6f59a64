namespace CnnService.Core.Visualization;

/// <summary>One line of a plot.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Color">Of the line.</param>
/// <param name="Values">One an epoch; what is not finite leaves a gap.</param>
internal sealed record CurveSeries(string Name, Color Color, IReadOnlyList<double> Values)
{
    /// <summary>
    /// Exponential smoothing <c>s = weight*s + (1-weight)*x</c>, starting at the first value; gaps stay gaps and do not count.
    /// </summary>
    public CurveSeries Smoothed(double weight)
    {
        var state = double.NaN;
        return this with
        {
            Values =
            [
                .. Values.Select(value => double.IsFinite(value)
                    ? state = double.IsNaN(state) ? value : (weight * state) + ((1 - weight) * value)
                    : double.NaN),
            ],
        };
    }
}
