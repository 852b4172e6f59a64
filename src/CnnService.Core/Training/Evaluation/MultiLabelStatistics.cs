using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>
/// Judges a network that gives each class a probability of its own, and chooses the probability from which an image is said to have a
/// class.
/// </summary>
internal static class MultiLabelStatistics
{
    /// <summary>With fewer images that have a class, its best threshold is chance.</summary>
    public const int MinPositives = 3;

    /// <summary>
    /// For each class the threshold with the largest F1 on these images, in the middle between two probabilities; of equal ones the
    /// highest.
    /// </summary>
    /// <param name="images">Logits with sets of labels.</param>
    /// <param name="rows">Indices of the images to choose on.</param>
    public static double[] ChooseThresholds(LabelledLogits images, IReadOnlyList<int> rows) =>
        [.. Enumerable.Range(0, images.Outputs).Select(one => ChooseThreshold(Ranked(images, rows, one)))];

    /// <summary>
    /// Average precision: the mean of the precision at each image that has the class, over the images from the most probable on; equally
    /// probable ones count together. Null where no image has the class.
    /// </summary>
    /// <param name="ranked">Probability and truth, the most probable first.</param>
    public static double? AveragePrecision(IReadOnlyList<(double Probability, bool IsTrue)> ranked)
    {
        var positives = ranked.Count(one => one.IsTrue);
        var (sum, hits) = (0.0, 0);
        foreach (var cut in Cuts(ranked))
        {
            sum += (cut.Hits - hits) * ((double)cut.Hits / cut.Predicted);
            hits = cut.Hits;
        }

        return positives == 0 ? null : sum / positives; // Exactly 1 where all is right.
    }

    /// <param name="images">Logits with sets of labels.</param>
    /// <param name="rows">Indices of the images to judge on; at least one.</param>
    /// <param name="thresholds">One a class.</param>
    /// <param name="about">The split and the classes.</param>
    public static SplitEvaluation Judge(
        LabelledLogits images, IReadOnlyList<int> rows, IReadOnlyList<double> thresholds, EvaluatedSplit about)
    {
        ClassFigures[] classes = [.. about.Classes.Select((name, one) => Figures(name, Ranked(images, rows, one), thresholds[one]))];
        var (exact, hits) = Count(images, rows, thresholds);
        return new()
        {
            Split = about.Split,
            Images = rows.Count,
            LeftOut = about.Images.Count - rows.Count,
            Loss = images.Select(rows).Judge().Loss,
            Accuracy = (double)exact / rows.Count,
            Classes = classes,
            Confusion = [],
            Mistakes = [],
            MultiLabel = new(
                Finite.OrNull(2.0 * hits / classes.Sum(one => one.Support + one.Predicted)),
                Mean(classes.Select(one => one.F1)), Mean(classes.Select(one => one.AveragePrecision))),
        };
    }

    private static double ChooseThreshold((double Probability, bool IsTrue)[] ranked)
    {
        var positives = ranked.Count(one => one.IsTrue);
        if (positives < MinPositives)
        {
            return ModelManifest.DefaultThreshold;
        }

        var (best, threshold) = (-1.0, ModelManifest.DefaultThreshold);
        foreach (var cut in Cuts(ranked))
        {
            var f1 = 2.0 * cut.Hits / (positives + cut.Predicted);
            if (f1 > best)
            {
                var next = cut.Predicted < ranked.Length ? ranked[cut.Predicted].Probability : 0;
                (best, threshold) = (f1, (ranked[cut.Predicted - 1].Probability + next) / 2);
            }
        }

        return Math.Round(threshold, 6);
    }

    /// <summary>After each run of equally probable images: how many come up to it, and how many of those have the class.</summary>
    private static IEnumerable<(int Predicted, int Hits)> Cuts(IReadOnlyList<(double Probability, bool IsTrue)> ranked)
    {
        var hits = 0;
        for (var i = 0; i < ranked.Count; i++)
        {
            hits += ranked[i].IsTrue ? 1 : 0;
            if (i == ranked.Count - 1 || ranked[i + 1].Probability < ranked[i].Probability)
            {
                yield return (i + 1, hits);
            }
        }
    }

    private static (double Probability, bool IsTrue)[] Ranked(LabelledLogits images, IReadOnlyList<int> rows, int one) =>
        [.. rows.Select(row => (Probability: images.Probability(row, one), IsTrue: images.Has(row, one)))
            .OrderByDescending(image => image.Probability)];

    private static ClassFigures Figures(string name, (double Probability, bool IsTrue)[] ranked, double threshold)
    {
        var (support, predicted, hits) = (0, 0, 0);
        foreach (var (probability, isTrue) in ranked)
        {
            var isSaid = probability >= threshold;
            support += isTrue ? 1 : 0;
            predicted += isSaid ? 1 : 0;
            hits += isSaid && isTrue ? 1 : 0;
        }

        return new(
            name, Finite.OrNull((double)hits / predicted), Finite.OrNull((double)hits / support),
            Finite.OrNull(2.0 * hits / (support + predicted)), support, predicted)
        {
            AveragePrecision = AveragePrecision(ranked),
            Threshold = threshold,
        };
    }

    /// <summary>Images all of whose labels are right, and labels that are.</summary>
    private static (int Exact, int Hits) Count(LabelledLogits images, IReadOnlyList<int> rows, IReadOnlyList<double> thresholds)
    {
        var (exact, hits) = (0, 0);
        foreach (var row in rows)
        {
            var wrong = 0;
            for (var one = 0; one < thresholds.Count; one++)
            {
                var (isTrue, isSaid) = (images.Has(row, one), images.Probability(row, one) >= thresholds[one]);
                hits += isTrue && isSaid ? 1 : 0;
                wrong += isTrue != isSaid ? 1 : 0;
            }

            exact += wrong == 0 ? 1 : 0;
        }

        return (exact, hits);
    }

    private static double? Mean(IEnumerable<double?> figures)
    {
        double[] known = [.. figures.OfType<double>()];
        return known.Length == 0 ? null : known.Average();
    }
}
