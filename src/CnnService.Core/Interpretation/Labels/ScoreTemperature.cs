namespace CnnService.Core.Interpretation.Labels;

/// <summary>Makes probabilities of scores whose scale says nothing: temperature scaling (Guo et al., ICML 2017).</summary>
internal static class ScoreTemperature
{
    private const double Coldest = 0.05;
    private const double Hottest = 1000;
    private const int Steps = 60;

    /// <summary>The temperature under which the labels are most likely, by golden section on its logarithm.</summary>
    /// <param name="scores">Of each image, one a class; of images that did not take part in making the classifier.</param>
    /// <param name="labels">Of each image.</param>
    public static double Fit(IReadOnlyList<double[]> scores, IReadOnlyList<int> labels)
    {
        var (low, high) = (Math.Log(Coldest), Math.Log(Hottest));
        var golden = (Math.Sqrt(5) - 1) / 2;
        for (var step = 0; step < Steps; step++)
        {
            var (left, right) = (high - (golden * (high - low)), low + (golden * (high - low)));
            if (Loss(scores, labels, Math.Exp(left)) < Loss(scores, labels, Math.Exp(right)))
            {
                high = right;
            }
            else
            {
                low = left;
            }
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>The softmax of scores divided by a temperature.</summary>
    public static double[] Softmax(double[] scores, double temperature)
    {
        var largest = scores.Max();
        double[] parts = [.. scores.Select(score => Math.Exp((score - largest) / temperature))];
        var sum = parts.Sum();
        return [.. parts.Select(part => part / sum)];
    }

    /// <summary>Sum of the negative log-likelihoods of the labels.</summary>
    private static double Loss(IReadOnlyList<double[]> scores, IReadOnlyList<int> labels, double temperature)
    {
        var sum = 0.0;
        for (var i = 0; i < labels.Count; i++)
        {
            var largest = scores[i].Max();
            sum += ((largest - scores[i][labels[i]]) / temperature)
                + Math.Log(scores[i].Sum(score => Math.Exp((score - largest) / temperature)));
        }

        return sum;
    }
}
