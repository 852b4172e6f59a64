namespace CnnService.Studio.Pages.Results;

/// <summary>What it does to take only answers of a certain probability.</summary>
/// <param name="Answered">Images whose probability reaches it.</param>
/// <param name="Right">Of those, how many are right.</param>
/// <param name="LeftOut">Images that get no answer.</param>
/// <param name="Prevented">Of those left out, how many would have been wrong.</param>
internal sealed record ThresholdEffect(int Answered, int Right, int LeftOut, int Prevented)
{
    /// <summary>Share of the answers that are right, 0–1; null without answers.</summary>
    public double? Accuracy => Answered == 0 ? null : (double)Right / Answered;

    /// <summary>Of a threshold.</summary>
    /// <param name="predictions">What is said of each image.</param>
    /// <param name="threshold">The least probability, 0–1.</param>
    /// <param name="label">Only where this class is predicted; null: of all.</param>
    public static ThresholdEffect Of(IReadOnlyList<Prediction> predictions, double threshold, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var (answered, right, leftOut, prevented) = (0, 0, 0, 0);
        foreach (var one in predictions.Where(one => label is null || one.Predicted == label))
        {
            var isTaken = one.Probability >= threshold;
            answered += isTaken ? 1 : 0;
            right += isTaken && one.IsRight ? 1 : 0;
            leftOut += isTaken ? 0 : 1;
            prevented += !isTaken && !one.IsRight ? 1 : 0;
        }

        return new(answered, right, leftOut, prevented);
    }

    /// <summary>The smallest threshold, in steps of 0.01, whose answers are right in the share asked for; null where none is.</summary>
    public static double? Find(IReadOnlyList<Prediction> predictions, double accuracy) =>
        Enumerable.Range(0, 100).Select(step => step / 100.0)
            .Where(threshold => Of(predictions, threshold).Accuracy >= accuracy)
            .Select(threshold => (double?)threshold).FirstOrDefault();
}
