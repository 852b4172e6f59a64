using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Classification.Bulk;

/// <summary>What a network says of an image of a data set.</summary>
/// <param name="Image">The image.</param>
/// <param name="TrueClass">What it is.</param>
/// <param name="Predicted">Index of the most probable class, the first of equal ones.</param>
/// <param name="IsCorrect">Null where the network does not know the true class.</param>
/// <param name="Probabilities">0–1, in the order of the network's classes.</param>
public sealed record PredictedImage(DatasetImage Image, string TrueClass, int Predicted, bool? IsCorrect, float[] Probabilities)
{
    /// <param name="plan">What the image belongs to.</param>
    /// <param name="index">Its place there.</param>
    /// <param name="scores">Their softmax are the probabilities.</param>
    public static PredictedImage From(BulkPlan plan, int index, ReadOnlySpan<float> scores)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var image = plan.Images[index];
        var trueClass = plan.Dataset.Classes[image.Label];
        var best = ArgMax.Find(scores);
        bool? isCorrect = plan.Unknown.Contains(trueClass) ? null : plan.Classes[best] == trueClass;
        return new(image, trueClass, best, isCorrect, Softmax(scores, scores[best]));
    }

    private static float[] Softmax(ReadOnlySpan<float> scores, float largest)
    {
        var parts = new double[scores.Length];
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            sum += parts[i] = Math.Exp((double)scores[i] - largest);
        }

        return [.. parts.Select(part => (float)(part / sum))];
    }
}
