using System.Numerics.Tensors;
using CnnService.Core.Models;
using MathNet.Numerics.LinearAlgebra;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Fits the measure of familiarity: means and covariance to the features of the training images, its scale to validation images that it
/// was not fitted to, so that 95 % of them are known.
/// </summary>
internal static class FamiliarityFit
{
    /// <summary>More features than these make the measure larger than the network.</summary>
    public const int MaxFeatures = 1024;

    private const double KnownShare = 0.95;

    /// <summary>Least share of the mean variance in the covariance: features that hardly vary decide nothing alone.</summary>
    private const double MinShrinkage = 0.1;

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

        var means = Means(training, classes);
        var whitening = Whitening(training, means);
        var centres = Multiply(means, whitening);
        var (middle, width) = Scale(Distances(choosing, whitening, centres));
        var head = new FamiliarityHead
        {
            Layer = layer,
            Whitening = new([training.Width, training.Width], whitening),
            Centres = new([classes, training.Width], centres),
            Middle = middle,
            Width = width,
        };
        var known = Distances(judging, whitening, centres).Count(distance => distance <= middle);
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

    private static float[] Means(FeatureTable table, int classes)
    {
        var (sums, counts) = (new double[classes * table.Width], new int[classes]);
        for (var row = 0; row < table.Count; row++)
        {
            var label = table.Labels[row];
            var values = table.Row(row);
            counts[label]++;
            for (var feature = 0; feature < values.Length; feature++)
            {
                sums[(label * table.Width) + feature] += values[feature];
            }
        }

        return [.. sums.Select((sum, i) => (float)(sum / Math.Max(1, counts[i / table.Width])))];
    }

    /// <summary>The inverse, transposed, of the lower triangular root of the covariance within the classes: row by row.</summary>
    private static float[] Whitening(FeatureTable table, float[] means)
    {
        var width = table.Width;
        var centred = Matrix<double>.Build.Dense(table.Count, width,
            (row, feature) => table.Row(row)[feature] - means[(table.Labels[row] * width) + feature]);
        var covariance = centred.TransposeThisAndMultiply(centred) / table.Count;
        var share = Math.Max(MinShrinkage, (double)width / (width + table.Count));
        var variance = Math.Max(covariance.Trace() / width, 1e-12);
        covariance = (covariance * (1 - share)) + (Matrix<double>.Build.DenseIdentity(width) * (share * variance));
        var root = covariance.Cholesky().Factor;
        var inverse = root.Inverse().Transpose();
        return [.. Enumerable.Range(0, width).SelectMany(row => inverse.Row(row)).Select(value => (float)value)];
    }

    /// <summary>Rows times the whitening.</summary>
    private static float[] Multiply(float[] rows, float[] whitening)
    {
        var width = (int)Math.Sqrt(whitening.Length);
        var product = new float[rows.Length];
        Parallel.For(0, rows.Length / width, row =>
        {
            for (var feature = 0; feature < width; feature++)
            {
                TensorPrimitives.MultiplyAdd(
                    whitening.AsSpan(feature * width, width), rows[(row * width) + feature], product.AsSpan(row * width, width),
                    product.AsSpan(row * width, width));
            }
        });
        return product;
    }

    /// <summary>The distance of each row to the nearest centre.</summary>
    private static double[] Distances(FeatureTable table, float[] whitening, float[] centres)
    {
        var white = Multiply(table.Values, whitening);
        return [.. Enumerable.Range(0, table.Count).Select(row => Enumerable.Range(0, centres.Length / table.Width).Min(k =>
            (double)TensorPrimitives.Distance<float>(
                white.AsSpan(row * table.Width, table.Width), centres.AsSpan(k * table.Width, table.Width))))];
    }
}

/// <param name="Head">The measure.</param>
/// <param name="KnownShare">Share of validation images, other than those that gave the scale, that it knows.</param>
internal sealed record FittedFamiliarity(FamiliarityHead Head, double KnownShare)
{
    /// <summary>When an image counts as known by it.</summary>
    public UnknownRule Rule => new("mahalanobis", FamiliarityHead.Threshold, KnownShare);
}
