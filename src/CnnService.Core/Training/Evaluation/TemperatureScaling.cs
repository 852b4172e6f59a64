using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>
/// Fits the temperature of a network (Guo et al., 2017): the one number that its logits are divided by so that the cross-entropy on images
/// it was not trained on is least. The labels are softened as by Platt (1999), so that a network without a mistake on few images does not
/// become certain of everything.
/// </summary>
internal static class TemperatureScaling
{
    /// <summary>Number of equal parts of 0–1 that the errors are measured in.</summary>
    public const int Bins = 15;

    /// <summary>Fewer images than these tell nothing.</summary>
    public const int MinImages = 20;

    private const double Lowest = 0.05;
    private const double Highest = 20;
    private const int Iterations = 50;

    /// <summary>The calibration of a network; null where either half has too few images.</summary>
    /// <param name="images">Logits with labels.</param>
    /// <param name="fitting">Indices of the images to fit on.</param>
    /// <param name="judging">Indices of the images to measure the errors on.</param>
    public static VersionCalibration? Calibrate(LabelledLogits images, IReadOnlyList<int> fitting, IReadOnlyList<int> judging)
    {
        if (fitting.Count < MinImages || judging.Count < MinImages)
        {
            return null;
        }

        var temperature = Math.Round(Fit(images, fitting), 4);
        var (before, after) = (Reliability(images, judging, 1), Reliability(images, judging, temperature));
        return new()
        {
            Temperature = temperature,
            EceBefore = Error(before),
            EceAfter = Error(after),
            FittedOn = fitting.Count,
            JudgedOn = judging.Count,
            Before = before,
            After = after,
        };
    }

    /// <summary>The temperature with the least cross-entropy, by golden-section search over its logarithm.</summary>
    public static double Fit(LabelledLogits images, IReadOnlyList<int> rows)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(Lowest), Math.Log(Highest));
        var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (onLeft, onRight) = (Loss(left), Loss(right));
        for (var i = 0; i < Iterations; i++)
        {
            if (onLeft <= onRight)
            {
                (high, right, onRight) = (right, left, onLeft);
                left = high - (ratio * (high - low));
                onLeft = Loss(left);
            }
            else
            {
                (low, left, onLeft) = (left, right, onRight);
                right = low + (ratio * (high - low));
                onRight = Loss(right);
            }
        }

        return Math.Exp((low + high) / 2);

        double Loss(double logarithm) => CrossEntropy(images, rows, Math.Exp(logarithm));
    }

    /// <summary>The cross-entropy at the temperature with the least, nats, against the softened labels.</summary>
    public static double LeastLoss(LabelledLogits images)
    {
        int[] rows = [.. Enumerable.Range(0, images.Labels.Count)];
        return CrossEntropy(images, rows, Fit(images, rows));
    }

    private static double CrossEntropy(LabelledLogits images, IReadOnlyList<int> rows, double temperature)
    {
        var soft = 1.0 / (rows.Count + 2);
        var sum = 0.0;
        foreach (var row in rows)
        {
            var scores = images.Scores(row, temperature);
            var norm = LogSumExp.Of(scores);
            var own = norm - scores[images.Labels[row]];
            var mean = norm - scores.Average();
            sum += ((1 - soft) * own) + (soft * mean);
        }

        return sum / rows.Count;
    }

    private static ReliabilityBin[] Reliability(LabelledLogits images, IReadOnlyList<int> rows, double temperature)
    {
        var (counts, confidence, hits) = (new int[Bins], new double[Bins], new int[Bins]);
        foreach (var row in rows)
        {
            var scores = images.Scores(row, temperature);
            var best = Array.IndexOf(scores, scores.Max());
            var probability = Math.Exp(scores[best] - LogSumExp.Of(scores));
            var bin = Math.Clamp((int)(probability * Bins), 0, Bins - 1);
            counts[bin]++;
            confidence[bin] += probability;
            hits[bin] += best == images.Labels[row] ? 1 : 0;
        }

        return [.. counts.Select((count, bin) =>
            count == 0 ? new ReliabilityBin(0, 0, 0) : new(count, confidence[bin] / count, (double)hits[bin] / count))];
    }

    private static double Error(ReliabilityBin[] bins) =>
        bins.Sum(bin => bin.Images * Math.Abs(bin.Confidence - bin.Accuracy)) / bins.Sum(bin => bin.Images);
}
