using System.Numerics.Tensors;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Multinomial logistic regression with an L2 penalty on centred features, scaled by one factor: minimizes the weighted mean cross-entropy
/// plus half the penalty times the sum of squared weights; biases are free. Where a row has any number of classes, a regression for each
/// class instead, by the binary cross-entropy; they share the penalty. Solutions for falling penalties begin at the one before. Not thread
/// safe.
/// </summary>
internal sealed class LogisticRegression
{
    private const int MaxIterations = 300;
    private const double Tolerance = 1e-6;
    private const int RowsPerPart = 256;

    private readonly FeatureTable _table;
    private readonly float[] _standard; // The features, centred and scaled, row by row.
    private readonly double[] _mean;
    private readonly double _factor;
    private readonly double[] _rowWeights;
    private readonly int _classes;
    private readonly double[]? _positives; // The weight of a class's own rows where a row has any number of classes; else null.
    private readonly double[] _solution; // Weights [classes, width], then biases.
    private readonly float[] _weights;

    /// <param name="table">Training rows; at least one.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="classWeights">
    /// Weight of each class in the loss, or, where a row has any number of classes, of the rows that have it against those that have not;
    /// null: all equal.
    /// </param>
    public LogisticRegression(FeatureTable table, int classes, IReadOnlyList<double>? classWeights)
    {
        (_table, _classes) = (table, classes);
        (_mean, _factor) = Moments(table);
        _standard = Standardize(table, _mean, _factor);
        _positives = table.Sets is null ? null : [.. Enumerable.Range(0, classes).Select(one => classWeights?[one] ?? 1)];
        var weights = table.Labels.Select(label => _positives is null ? classWeights?[label] ?? 1 : 1).ToArray();
        _rowWeights = [.. weights.Select(weight => weight / weights.Sum())];
        _solution = new double[classes * (table.Width + 1)];
        _weights = new float[classes * table.Width];
    }

    /// <summary>Fits the classifier; its weights are for the features as they are.</summary>
    /// <param name="penalty">Above 0.</param>
    /// <param name="cancel">Checked at each iteration.</param>
    public LinearClassifier Fit(double penalty, CancellationToken cancel)
    {
        LbfgsMinimizer.Minimize((point, gradient) => Loss(point, gradient, penalty), _solution, MaxIterations, Tolerance, cancel);
        var width = _table.Width;
        var (weights, biases) = (new float[_classes * width], new float[_classes]);
        for (var k = 0; k < _classes; k++)
        {
            var bias = _solution[(_classes * width) + k];
            for (var feature = 0; feature < width; feature++)
            {
                var weight = _solution[(k * width) + feature] * _factor;
                weights[(k * width) + feature] = (float)weight;
                bias -= weight * _mean[feature];
            }

            biases[k] = (float)bias;
        }

        return new(weights, biases);
    }

    /// <summary>The objective; writes its gradient. Parts of the rows are added up in their order, so that the result is exact.</summary>
    private double Loss(double[] point, double[] gradient, double penalty)
    {
        var size = _classes * _table.Width;
        for (var i = 0; i < size; i++)
        {
            _weights[i] = (float)point[i];
        }

        var parts = new (double Loss, double[] Gradient)[(_table.Count + RowsPerPart - 1) / RowsPerPart];
        Parallel.For(0, parts.Length, part => parts[part] = PartOf(part, point.AsSpan(size)));
        gradient.AsSpan().Clear();
        var loss = 0.0;
        foreach (var part in parts)
        {
            loss += part.Loss;
            TensorPrimitives.Add(gradient, part.Gradient, gradient);
        }

        TensorPrimitives.MultiplyAdd(point.AsSpan(0, size), penalty, gradient.AsSpan(0, size), gradient.AsSpan(0, size));
        return loss + (penalty / 2 * TensorPrimitives.SumOfSquares<double>(point.AsSpan(0, size)));
    }

    private (double Loss, double[] Gradient) PartOf(int part, ReadOnlySpan<double> biases)
    {
        var width = _table.Width;
        var slopes = new float[_classes * width];
        var gradient = new double[_classes * (width + 1)];
        var scores = new double[_classes];
        var loss = 0.0;
        for (var row = part * RowsPerPart; row < Math.Min(_table.Count, (part + 1) * RowsPerPart); row++)
        {
            var features = _standard.AsSpan(row * width, width);
            for (var k = 0; k < _classes; k++)
            {
                scores[k] = TensorPrimitives.Dot<float>(features, _weights.AsSpan(k * width, width)) + biases[k];
            }

            var (label, weight) = (_table.Labels[row], _rowWeights[row]);
            loss += weight * (_positives is null ? SoftMax(scores, label) : Sigmoids(scores, _table.Sets![label], _positives));
            for (var k = 0; k < _classes; k++)
            {
                var slope = weight * (_positives is null ? scores[k] - (k == label ? 1 : 0) : scores[k]);
                gradient[(_classes * width) + k] += slope;
                TensorPrimitives.MultiplyAdd(features, (float)slope, slopes.AsSpan(k * width, width), slopes.AsSpan(k * width, width));
            }
        }

        for (var i = 0; i < slopes.Length; i++)
        {
            gradient[i] = slopes[i];
        }

        return (loss, gradient);
    }

    /// <summary>Turns scores into probabilities; returns the cross-entropy of the label.</summary>
    private static double SoftMax(double[] scores, int label)
    {
        var largest = scores.Max();
        var own = scores[label];
        var sum = 0.0;
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] = Math.Exp(scores[k] - largest);
            sum += scores[k];
        }

        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] /= sum;
        }

        return largest + Math.Log(sum) - own;
    }

    /// <summary>
    /// Turns scores into slopes of the loss; returns the binary cross-entropies, added up. Where the rows of a class weigh more, its score
    /// is raised by the logarithm of the weight as well, so that the score itself stays that of the plain rows (Menon et al., "Long-tail
    /// learning via logit adjustment", 2021).
    /// </summary>
    private static double Sigmoids(double[] scores, IReadOnlyList<int> own, double[] positives)
    {
        var loss = 0.0;
        var next = 0;
        for (var k = 0; k < scores.Length; k++)
        {
            var score = scores[k] + Math.Log(positives[k]);
            var probability = Sigmoid.Of(score);
            if (next < own.Count && own[next] == k)
            {
                next++;
                loss += positives[k] * Sigmoid.SoftPlus(-score);
                scores[k] = positives[k] * (probability - 1);
            }
            else
            {
                loss += Sigmoid.SoftPlus(score);
                scores[k] = probability;
            }
        }

        return loss;
    }

    /// <summary>
    /// Mean of each feature, and the reciprocal of the deviation of all together. One factor for all keeps their relative sizes: with few
    /// images that is worth more than to let features that hardly vary speak as loud as the others.
    /// </summary>
    private static (double[] Mean, double Factor) Moments(FeatureTable table)
    {
        var mean = new double[table.Width];
        for (var i = 0; i < table.Values.Length; i++)
        {
            mean[i % table.Width] += table.Values[i] / (double)table.Count;
        }

        var variance = 0.0;
        for (var i = 0; i < table.Values.Length; i++)
        {
            var distance = table.Values[i] - mean[i % table.Width];
            variance += distance * distance / table.Values.Length;
        }

        return (mean, 1 / Math.Sqrt(Math.Max(variance, 1e-12)));
    }

    private static float[] Standardize(FeatureTable table, double[] mean, double factor)
    {
        var standard = new float[table.Values.Length];
        for (var i = 0; i < standard.Length; i++)
        {
            var feature = i % table.Width;
            standard[i] = (float)((table.Values[i] - mean[feature]) * factor);
        }

        return standard;
    }
}
