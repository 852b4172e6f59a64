namespace CnnService.Core.Datasets.Health;

/// <summary>
/// Finds labels that predictions speak against: confident learning (Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty
/// in Dataset Labels", JAIR 2021). A class's threshold is the mean probability of that class over the images labelled with it, so that
/// classes a network is less sure of are held to less. A label is doubted where another class is the most probable of those that reach
/// their threshold.
/// </summary>
public static class ConfidentLearning
{
    /// <summary>Judges every label.</summary>
    /// <param name="probabilities">
    /// Of each image, one a class, sum 1; best of a network that has not seen the image in training.
    /// </param>
    /// <param name="labels">Of each image, from 0.</param>
    /// <returns>All images, ranked: the doubted ones first, each group by the margin, the smallest first.</returns>
    public static IReadOnlyList<JudgedLabel> Rank(IReadOnlyList<double[]> probabilities, IReadOnlyList<int> labels)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Count, probabilities.Count);
        if (probabilities.Count == 0)
        {
            return [];
        }

        var thresholds = Thresholds(probabilities, labels);
        return [.. Enumerable.Range(0, labels.Count).Select(i => Judge(i, probabilities[i], labels[i], thresholds))
            .OrderByDescending(one => one.IsDoubted).ThenBy(one => one.Margin).ThenBy(one => one.Index)];
    }

    /// <summary>Infinite for a class without images: nothing is known of how sure the network is of it.</summary>
    private static double[] Thresholds(IReadOnlyList<double[]> probabilities, IReadOnlyList<int> labels)
    {
        var (sums, counts) = (new double[probabilities[0].Length], new int[probabilities[0].Length]);
        for (var i = 0; i < labels.Count; i++)
        {
            sums[labels[i]] += probabilities[i][labels[i]];
            counts[labels[i]]++;
        }

        return [.. sums.Zip(counts, (sum, count) => count > 0 ? sum / count : double.PositiveInfinity)];
    }

    private static JudgedLabel Judge(int index, double[] probabilities, int label, double[] thresholds)
    {
        var (other, confident) = (-1, -1);
        for (var c = 0; c < probabilities.Length; c++)
        {
            if (c != label && (other < 0 || probabilities[c] > probabilities[other]))
            {
                other = c;
            }

            if (probabilities[c] >= thresholds[c] && (confident < 0 || probabilities[c] > probabilities[confident]))
            {
                confident = c;
            }
        }

        // A data set of one class has nothing else to suggest.
        var against = other < 0 ? 0 : probabilities[other];
        return new(index, other < 0 ? label : other, probabilities[label], against, confident >= 0 && confident != label);
    }
}

/// <summary>A label and what the predictions say of it.</summary>
/// <param name="Index">Of the image.</param>
/// <param name="Suggested">The most probable other class.</param>
/// <param name="Probability">Of the class it is labelled with, 0–1.</param>
/// <param name="SuggestedProbability">Of the suggested class, 0–1.</param>
/// <param name="IsDoubted">True where the predictions speak clearly for another class.</param>
public readonly record struct JudgedLabel(int Index, int Suggested, double Probability, double SuggestedProbability, bool IsDoubted)
{
    /// <summary>By how much the label is more probable than the best other class, -1 to 1.</summary>
    public double Margin => Probability - SuggestedProbability;
}
