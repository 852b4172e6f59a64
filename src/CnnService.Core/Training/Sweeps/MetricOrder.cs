namespace CnnService.Core.Training.Sweeps;

/// <summary>Orders values of a metric.</summary>
internal static class MetricOrder
{
    private static readonly Comparer<double> Rising = Comparer<double>.Create((one, other) => Compare(one, other, 1));
    private static readonly Comparer<double> Falling = Comparer<double>.Create((one, other) => Compare(one, other, -1));

    /// <summary>Sorts the better value first: smaller loss, larger accuracy; NaN is worse than any number.</summary>
    public static IComparer<double> BestFirst(this MonitoredMetric metric) => metric == MonitoredMetric.ValidationLoss ? Rising : Falling;

    private static int Compare(double one, double other, int sign) =>
        double.IsNaN(one) || double.IsNaN(other) ? double.IsNaN(one).CompareTo(double.IsNaN(other)) : sign * one.CompareTo(other);
}
