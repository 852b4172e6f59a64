using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>
/// How much each pixel really moves a cell (Luo et al., "Understanding the effective receptive field in deep convolutional neural
/// networks", 2016): the magnitude of the gradient of the cell's sum over the filters, averaged over images of noise and the colours.
/// </summary>
public sealed record EffectiveField
{
    /// <summary>The part of the weight that <see cref="Size"/> holds in each direction.</summary>
    public const double Held = 0.95;

    /// <summary>Images of noise that were averaged.</summary>
    public required int Images { get; init; }

    /// <summary>Height and width of the rows, and of the columns, that hold 95 % of the weight; 0 where no pixel moves the cell.</summary>
    public required IReadOnlyList<int> Size { get; init; }

    /// <summary>The part of the weight inside the box that the windows give; less than 1 only where padding repeats or mirrors the
    /// image.</summary>
    public required double ShareInBox { get; init; }

    /// <summary>Row by row, <c>[H,W]</c>; their sum is 1, or 0 where no pixel moves the cell.</summary>
    [JsonIgnore]
    public IReadOnlyList<float> Weights { get; init; } = [];

    /// <param name="magnitudes"><c>[H,W]</c>, none below 0.</param>
    /// <param name="width">W.</param>
    /// <param name="box">Of the cell.</param>
    /// <param name="images">How many were averaged.</param>
    internal static EffectiveField Compute(double[] magnitudes, int width, FieldBox box, int images)
    {
        var height = magnitudes.Length / width;
        var total = magnitudes.Sum();
        double[] rows = new double[height], columns = new double[width];
        var inside = 0.0;
        foreach (var (place, magnitude) in magnitudes.Index())
        {
            var (y, x) = (place / width, place % width);
            rows[y] += magnitude;
            columns[x] += magnitude;
            inside += y >= box.Top && y < box.Top + box.Height && x >= box.Left && x < box.Left + box.Width ? magnitude : 0;
        }

        return new()
        {
            Images = images,
            Size = [Span(rows, total), Span(columns, total)],
            ShareInBox = total > 0 ? inside / total : 1,
            Weights = [.. magnitudes.Select(magnitude => total > 0 ? (float)(magnitude / total) : 0)],
        };
    }

    /// <summary>The shortest run that holds the wanted part.</summary>
    private static int Span(double[] sums, double total)
    {
        if (total <= 0)
        {
            return 0;
        }

        var (shortest, from, held) = (sums.Length, 0, 0.0);
        for (var to = 0; to < sums.Length; to++)
        {
            held += sums[to];
            while (held - sums[from] >= Held * total)
            {
                held -= sums[from++];
            }

            if (held >= Held * total)
            {
                shortest = Math.Min(shortest, to - from + 1);
            }
        }

        return shortest;
    }
}
