namespace CnnService.Core.Interpretation.Patterns;

/// <summary>What a layer's filters answer to real images, one number an image, and how a pattern stands among them.</summary>
internal sealed class DataResponses
{
    /// <summary>Filters whose answers spread less than this part of their size say the same of everything: nothing is divided by
    /// that.</summary>
    private const double MinSpread = 1e-6;

    private readonly float[][] _sorted;
    private readonly double[] _means;
    private readonly double[] _deviations;

    /// <param name="responses">A row an image, at least one, with a number a filter.</param>
    public DataResponses(IReadOnlyList<float[]> responses)
    {
        Images = responses.Count;
        _sorted = [.. Enumerable.Range(0, responses[0].Length).Select(filter => responses.Select(row => row[filter]).Order().ToArray())];
        _means = [.. _sorted.Select(values => values.Average(value => (double)value))];
        _deviations = [.. _sorted.Select((values, filter) => Math.Sqrt(values.Average(value => Math.Pow(value - _means[filter], 2))))];
    }

    public int Images { get; }

    /// <summary>In memory, near enough.</summary>
    public long Bytes => _sorted.Length * (((long)Images * sizeof(float)) + (2 * sizeof(double)));

    /// <summary>Between the two nearest, as numpy's default.</summary>
    /// <param name="filter">Of the layer.</param>
    /// <param name="share">0–1.</param>
    public double Quantile(int filter, double share)
    {
        var sorted = _sorted[filter];
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * ((double)sorted[above] - sorted[below]));
    }

    /// <summary>Deviations above the mean; null where the filter says the same of every image.</summary>
    public double? Standardized(int filter, double response) =>
        _deviations[filter] > MinSpread * Math.Max(1e-6, Math.Abs(_means[filter]))
        ? (response - _means[filter]) / _deviations[filter]
        : null;

    /// <summary>How many filters an image makes stand out more than this one: 0 where it is the foremost; null where that cannot be said of
    /// it.</summary>
    /// <param name="filter">Of the layer.</param>
    /// <param name="responses">Of every filter to the image.</param>
    public int? Rank(int filter, IReadOnlyList<float> responses) => Standardized(filter, responses[filter]) is { } own
        ? Enumerable.Range(0, responses.Count).Count(other => Standardized(other, responses[other]) > own)
        : null;
}
