using System.Numerics.Tensors;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Fits the measure of familiarity: its references are features of training images, its scale is fitted to validation images, so that 95 %
/// of them are known.
/// </summary>
internal static class FamiliarityFit
{
    /// <summary>Networks with more features take minutes to read the images again on a processor.</summary>
    public const int MaxFeatures = 1024;

    private const double KnownShare = 0.95;

    /// <summary>References for each class, as far as the other bounds allow; more hardly tell more.</summary>
    private const int ReferencesOfAClass = 8;
    private const int MinReferences = 512;
    private const int MaxReferences = 2048;

    /// <summary>
    /// The measure, and the share of the judging images that it knows; null where there are too few images or too many features.
    /// </summary>
    /// <param name="training">Features of the training images, one view of each.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="choosing">Features of validation images that give the scale.</param>
    /// <param name="judging">Features of other validation images.</param>
    /// <param name="layer">The layer whose values they are.</param>
    public static FittedFamiliarity? Fit(
        FeatureTable training, int classes, FeatureTable choosing, FeatureTable judging, string layer)
    {
        if (choosing.Count < StrengthSelection.MinImages || judging.Count == 0 || training.Width > MaxFeatures)
        {
            return null;
        }

        var wanted = Math.Clamp(ReferencesOfAClass * classes, MinReferences, MaxReferences);
        var chosen = EvenSpread.Of(training.Count, wanted);
        var references = Unit(training.Select(chosen));
        var (middle, width) = Scale(Distances(choosing, references));
        var head = new FamiliarityHead
        {
            Layer = layer,
            References = new([chosen.Length, training.Width], references),
            Middle = middle,
            Width = width,
        };
        var known = Distances(judging, references).Count(distance => distance <= middle);
        return new(head, (double)known / judging.Count);
    }

    /// <summary>The scale by which 95 % of the distances are known, and the middle one has familiarity 0.95.</summary>
    /// <param name="distances">Of validation images that the measure was not fitted to; at least one.</param>
    public static (double Middle, double Width) Scale(IEnumerable<double> distances)
    {
        var sorted = distances.Order().ToArray();
        var middle = sorted[(int)Math.Ceiling(KnownShare * sorted.Length) - 1];
        return (middle, Math.Max(1e-6, (middle - sorted[sorted.Length / 2]) / Math.Log(KnownShare / (1 - KnownShare))));
    }

    /// <summary>The rows, each of unit length.</summary>
    private static float[] Unit(FeatureTable table)
    {
        var rows = (float[])table.Values.Clone();
        for (var at = 0; at < rows.Length; at += table.Width)
        {
            var row = rows.AsSpan(at, table.Width);
            TensorPrimitives.Divide(row, Math.Max(FamiliarityHead.MinLength, TensorPrimitives.Norm<float>(row)), row);
        }

        return rows;
    }

    /// <summary>The distance of each row, of unit length, to the nearest reference.</summary>
    private static double[] Distances(FeatureTable table, float[] references)
    {
        var (rows, width) = (Unit(table), table.Width);
        var distances = new double[table.Count];
        Parallel.For(0, table.Count, row =>
        {
            var least = double.PositiveInfinity;
            for (var at = 0; at < references.Length; at += width)
            {
                least = Math.Min(least, TensorPrimitives.Distance<float>(rows.AsSpan(row * width, width), references.AsSpan(at, width)));
            }

            distances[row] = least;
        });
        return distances;
    }
}

/// <param name="Head">The measure.</param>
/// <param name="KnownShare">Share of validation images, other than those that gave the scale, that it knows.</param>
internal sealed record FittedFamiliarity(FamiliarityHead Head, double KnownShare)
{
    /// <summary>When an image counts as known by it.</summary>
    public UnknownRule Rule => new("nearest-neighbour", FamiliarityHead.Threshold, KnownShare);
}
