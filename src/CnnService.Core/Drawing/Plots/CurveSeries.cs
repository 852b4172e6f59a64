namespace CnnService.Core.Drawing.Plots;

/// <summary>The values of one line over the epochs.</summary>
/// <param name="Values">One per epoch; NaN and infinities leave a gap.</param>
internal sealed record CurveSeries(IReadOnlyList<double> Values)
{
    /// <summary>
    /// Exponentially weighted mean of the values so far, <c>sum(weight^(t-i) x_i) / sum(weight^(t-i))</c>: as TensorBoard smooths, without
    /// bias towards the first value. Gaps stay gaps and have no weight.
    /// </summary>
    public CurveSeries Smoothed(double weight)
    {
        double sum = 0, share = 0;
        return new([.. Values.Select(value => double.IsFinite(value) ? Next(value) : double.NaN)]);

        double Next(double value)
        {
            (sum, share) = ((weight * sum) + value, (weight * share) + 1);
            return sum / share;
        }
    }
}
