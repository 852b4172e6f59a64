using MathNet.Numerics.LinearAlgebra;

namespace CnnService.Core.Interpretation.Labels;

/// <summary>
/// Linear discriminant analysis on the features of a network: one Gaussian a class with a common covariance, shrunk towards a multiple of
/// the identity (Ledoit, Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004). Closed form, so that the
/// same images give the same answer, and robust against some wrong labels, which move the means little.
/// </summary>
internal static class LinearDiscriminant
{
    /// <summary>The covariance has its square in numbers.</summary>
    public const int MaxFeatures = 2048;

    private const int Folds = 5;

    /// <summary>
    /// Scores of each image for each class by a classifier that was fitted without the image's fold; their softmax are its probabilities.
    /// Null for images that cannot be judged: all images of their class are in their own fold.
    /// </summary>
    /// <param name="features"><c>[image][feature]</c>, finite.</param>
    /// <param name="labels">Of each image, from 0.</param>
    /// <param name="folds">Of each image, any number; those that are equal, modulo five, are judged together.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="cancel">Checked between folds.</param>
    public static double[]?[] CrossValidate(
        double[][] features, IReadOnlyList<int> labels, IReadOnlyList<uint> folds, int classes, CancellationToken cancel)
    {
        Standardize(features);
        var parts = Enumerable.Range(0, Folds)
            .Select(fold => Enumerable.Range(0, labels.Count).Where(i => folds[i] % Folds == fold).ToArray())
            .Select(members => Part.Create(features, labels, members, classes, cancel)).ToArray();
        var scores = new double[]?[labels.Count];
        foreach (var part in parts)
        {
            cancel.ThrowIfCancellationRequested();
            var (weights, biases) = Fit(Part.Sum(parts.Where(other => other != part)), features.Length - part.Members.Length);
            foreach (var image in part.Members.Where(image => double.IsFinite(biases[labels[image]])))
            {
                var row = weights.LeftMultiply(Vector<double>.Build.Dense(features[image]));
                scores[image] = [.. row.Zip(biases, (score, bias) => score + bias)];
            }
        }

        return scores;
    }

    /// <summary>Mean 0 and deviation 1 of each feature, in place.</summary>
    private static void Standardize(double[][] features)
    {
        for (var column = 0; column < features[0].Length; column++)
        {
            var mean = features.Average(row => row[column]);
            var deviation = Math.Sqrt(features.Average(row => (row[column] - mean) * (row[column] - mean)));
            foreach (var row in features)
            {
                row[column] = deviation > 1e-9 ? (row[column] - mean) / deviation : 0;
            }
        }
    }

    /// <summary>Weights <c>[feature, class]</c> and a bias a class; negative infinity for a class without images.</summary>
    private static (Matrix<double> Weights, double[] Biases) Fit(Part sums, int images)
    {
        var means = sums.Sums.Clone();
        for (var c = 0; c < means.ColumnCount; c++)
        {
            means.SetColumn(c, means.Column(c) / Math.Max(1, sums.Counts[c]));
        }

        var within = (sums.Products - (means * sums.Sums.Transpose())) / images;
        var weights = Shrunk(within, sums, images).Cholesky().Solve(means);
        return (weights, [.. Enumerable.Range(0, means.ColumnCount).Select(c => sums.Counts[c] == 0
            ? double.NegativeInfinity
            : Math.Log((double)sums.Counts[c] / images) - (means.Column(c).DotProduct(weights.Column(c)) / 2))]);
    }

    /// <summary>The covariance, as far on its way to a multiple of the identity as the number of images calls for.</summary>
    private static Matrix<double> Shrunk(Matrix<double> covariance, Part sums, int images)
    {
        var size = covariance.RowCount;
        var scale = covariance.Trace() / size;
        var identity = Matrix<double>.Build.DenseIdentity(size) * scale;
        var distance = Square((covariance - identity).FrobeniusNorm());
        var noise = Math.Max(0, (sums.FourthPowers / images) - Square(covariance.FrobeniusNorm())) / images;
        var share = Math.Clamp(distance > 0 ? noise / distance : 1, 1e-3, 1);
        return (covariance * (1 - share)) + (identity * share) + (Matrix<double>.Build.DenseIdentity(size) * 1e-9);
    }

    private static double Square(double value) => value * value;

    /// <summary>Sums over the images of a fold, of which those over all other folds follow by addition.</summary>
    /// <param name="Members">Its images.</param>
    /// <param name="Products">Sum of the outer products of the features.</param>
    /// <param name="Sums">Sum of the features of each class, <c>[feature, class]</c>.</param>
    /// <param name="Counts">Number of images of each class.</param>
    /// <param name="FourthPowers">Sum of the fourth powers of the features' lengths.</param>
    private sealed record Part(int[] Members, Matrix<double> Products, Matrix<double> Sums, int[] Counts, double FourthPowers)
    {
        public static Part Create(double[][] features, IReadOnlyList<int> labels, int[] members, int classes, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            var size = features[0].Length;
            var (sums, counts) = (Matrix<double>.Build.Dense(size, classes), new int[classes]);
            foreach (var image in members)
            {
                sums.SetColumn(labels[image], sums.Column(labels[image]) + Vector<double>.Build.Dense(features[image]));
                counts[labels[image]]++;
            }

            var rows = members.Length == 0 ? null : Matrix<double>.Build.DenseOfRowArrays(members.Select(image => features[image]));
            return new(
                members, rows?.TransposeThisAndMultiply(rows) ?? Matrix<double>.Build.Dense(size, size), sums, counts,
                members.Sum(image => Square(features[image].Sum(Square))));
        }

        public static Part Sum(IEnumerable<Part> parts) => parts.Aggregate((one, other) => new(
            [], one.Products + other.Products, one.Sums + other.Sums, [.. one.Counts.Zip(other.Counts, (a, b) => a + b)],
            one.FourthPowers + other.FourthPowers));
    }
}
