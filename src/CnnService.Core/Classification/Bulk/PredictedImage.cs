using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Classification.Bulk;

/// <summary>A model's prediction for an image of a data set.</summary>
/// <param name="Image">The image in the data set.</param>
/// <param name="TrueClass">Name of its labelled class; of several, all with commas between them.</param>
/// <param name="Predicted">Index of the most probable class; the lowest index wins a tie.</param>
/// <param name="IsCorrect">Null if the model does not know the true class, or the images have any number of labels.</param>
/// <param name="Probabilities">0–1, in the order of the model's classes.</param>
public sealed record PredictedImage(DatasetImage Image, string TrueClass, int Predicted, bool? IsCorrect, float[] Probabilities)
{
    /// <param name="plan">The plan that contains the image.</param>
    /// <param name="index">Index of the image in the plan.</param>
    /// <param name="scores">
    /// One a class; the probabilities are their softmax, or the sigmoid of each where the model gives each class one of its own.
    /// </param>
    public static PredictedImage From(BulkPlan plan, int index, ReadOnlySpan<float> scores)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var image = plan.Images[index];
        var trueClass = plan.Dataset.TextOf(image.Label);
        var best = ArgMax.Find(scores);
        bool? isCorrect = plan.Dataset.Task == DatasetTask.MultiLabel || plan.Unknown.Contains(trueClass)
            ? null : plan.Classes[best] == trueClass;
        return new(image, trueClass, best, isCorrect,
            plan.Model.Network.IsMultiLabel ? Sigmoids(scores) : Softmax(scores, scores[best]));
    }

    private static float[] Sigmoids(ReadOnlySpan<float> scores)
    {
        var probabilities = new float[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            probabilities[i] = (float)(1 / (1 + Math.Exp(-(double)scores[i])));
        }

        return probabilities;
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
