using System.Text.Json.Serialization;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.ReceptiveFields;

/// <summary>
/// Effective receptive field of a cell (Luo et al., "Understanding the effective receptive field in deep convolutional neural networks",
/// 2016): the magnitude of the gradient of the cell's sum over the filters by each pixel, averaged over noise images and colours.
/// </summary>
public sealed record EffectiveField
{
    /// <summary>Share of the gradient that <see cref="Size"/> contains along each axis.</summary>
    public const double ContainedShare = 0.95;

    /// <summary>Number of noise images averaged.</summary>
    public required int Images { get; init; }

    /// <summary>Height and width that contain 95 % of the gradient along their axis; 0 if no pixel affects the cell.</summary>
    public required IReadOnlyList<int> Size { get; init; }

    /// <summary>
    /// Share of the gradient inside the theoretical receptive field, 0–1; below 1 only if padding repeats or mirrors the image.
    /// </summary>
    public required double ShareInBox { get; init; }

    /// <summary>Gradient magnitude of each pixel, <c>[H,W]</c> in C order; sums to 1, or to 0 if no pixel affects the cell.</summary>
    [JsonIgnore]
    public IReadOnlyList<float> Weights { get; init; } = [];

    /// <param name="magnitudes">Gradient magnitudes, <c>[H,W]</c>, not negative.</param>
    /// <param name="width">Number of columns, W.</param>
    /// <param name="box">Theoretical receptive field of the cell.</param>
    /// <param name="images">Number of images averaged.</param>
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

    /// <summary>Length of the shortest interval that contains the share.</summary>
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
            while (held - sums[from] >= ContainedShare * total)
            {
                held -= sums[from++];
            }

            if (held >= ContainedShare * total)
            {
                shortest = Math.Min(shortest, to - from + 1);
            }
        }

        return shortest;
    }
}
