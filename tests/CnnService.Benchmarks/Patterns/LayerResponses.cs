namespace CnnService.Benchmarks.Patterns;

/// <summary>What a layer's filters answer to images: a row an image, a number a filter.</summary>
internal sealed class LayerResponses(IReadOnlyList<float[]> rows)
{
    public int Filters => rows[0].Length;

    public double Max(int filter) => rows.Max(row => row[filter]);

    public double Mean(int filter) => rows.Average(row => (double)row[filter]);

    /// <summary>99 % of the images stay below it, between the two nearest.</summary>
    public double P99(int filter)
    {
        var sorted = rows.Select(row => (double)row[filter]).Order().ToArray();
        var at = 0.99 * (sorted.Length - 1);
        var below = Math.Min((int)at, sorted.Length - 2);
        return sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }

    public double Standardized(int filter, double value)
    {
        var mean = Mean(filter);
        return (value - mean) / Math.Sqrt(rows.Average(row => Math.Pow(row[filter] - mean, 2)));
    }

    /// <summary>How many filters stand out more for this image.</summary>
    public int Rank(int filter, float[] image) =>
        Enumerable.Range(0, Filters)
        .Count(other => Standardized(other, image[other]) is var z && double.IsFinite(z) && z > Standardized(filter, image[filter]));

    /// <summary>Answers to some image at least a twentieth as much as the layer's filters do in the middle.</summary>
    public bool IsLive(int filter) => Max(filter) > 0 && Max(filter) >= 0.05 * Figures.Median(Enumerable.Range(0, Filters).Select(Max));
}
