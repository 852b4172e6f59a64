namespace CnnService.Core.Interpretation.Patterns;

/// <summary>A layer's responses to real images, one number an image and filter, to compare patterns with. Immutable, thread safe.</summary>
internal sealed class DataResponses
{
    /// <summary>
    /// Responses with a smaller standard deviation, relative to their size, count as constant, so that nothing is divided by it.
    /// </summary>
    private const double MinSpread = 1e-6;

    private readonly float[][] _sorted;
    private readonly double[] _means;
    private readonly double[] _deviations;

    /// <param name="responses"><c>[image][filter]</c>, at least one image.</param>
    public DataResponses(IReadOnlyList<float[]> responses)
    {
        Images = responses.Count;
        _sorted = [.. Enumerable.Range(0, responses[0].Length).Select(filter => responses.Select(row => row[filter]).Order().ToArray())];
        _means = [.. _sorted.Select(values => values.Average(value => (double)value))];
        _deviations = [.. _sorted.Select((values, filter) => Math.Sqrt(values.Average(value => Math.Pow(value - _means[filter], 2))))];
    }

    public int Images { get; }

    /// <summary>Approximate memory in bytes.</summary>
    public long Bytes => _sorted.Length * (((long)Images * sizeof(float)) + (2 * sizeof(double)));

    /// <summary>Linear interpolation between the two nearest values, as NumPy's default.</summary>
    /// <param name="filter">Index of the filter.</param>
    /// <param name="share">Quantile, 0–1.</param>
    public double Quantile(int filter, double share)
    {
        var sorted = _sorted[filter];
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * ((double)sorted[above] - sorted[below]));
    }

    /// <summary>Standard deviations above the mean; null if the filter responds alike to all images.</summary>
    public double? Standardized(int filter, double response) =>
        _deviations[filter] > MinSpread * Math.Max(1e-6, Math.Abs(_means[filter]))
        ? (response - _means[filter]) / _deviations[filter]
        : null;

    /// <summary>
    /// Number of filters that an image activates by more standard deviations than this one: 0 for the foremost; null if the filter responds
    /// alike to all images.
    /// </summary>
    /// <param name="filter">Index of the filter.</param>
    /// <param name="responses">Responses of all filters to the image.</param>
    public int? Rank(int filter, IReadOnlyList<float> responses) => Standardized(filter, responses[filter]) is { } own
        ? Enumerable.Range(0, responses.Count).Count(other => Standardized(other, responses[other]) > own)
        : null;
}
