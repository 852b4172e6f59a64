using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Classification.Bulk;

/// <summary>A model's prediction for an image of a data set.</summary>
/// <param name="Image">The image in the data set.</param>
/// <param name="TrueClass">Name of its labelled class; of several, all with commas between them.</param>
/// <param name="Best">Index of the most probable class; the lowest index wins a tie.</param>
/// <param name="Predicted">
/// Name of that class; where the model gives each class a probability of its own, those that reach their thresholds, as in
/// <paramref name="TrueClass"/>.
/// </param>
/// <param name="IsCorrect">
/// Null if the model does not know all true classes, or chooses between its classes where images have any number of labels.
/// </param>
/// <param name="Probabilities">0–1, in the order of the model's classes.</param>
public sealed record PredictedImage(
    DatasetImage Image, string TrueClass, int Best, string Predicted, bool? IsCorrect, float[] Probabilities)
{
    /// <summary>How familiar the image is, 0–1; null where the version does not tell.</summary>
    public float? Familiarity { get; init; }

    /// <summary>Whether the version knows it; null where it cannot tell.</summary>
    public bool? IsKnown { get; init; }

    /// <param name="plan">The plan that contains the image.</param>
    /// <param name="index">Index of the image in the plan.</param>
    /// <param name="scores">
    /// The plan's <see cref="BulkPlan.Columns"/>; the probabilities are their softmax, or the sigmoid of each where the model gives each
    /// class one of its own.
    /// </param>
    public static PredictedImage From(BulkPlan plan, int index, ReadOnlySpan<float> scores)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var image = plan.Images[index];
        var own = scores[..plan.Classes.Count];
        var best = ArgMax.Find(own);
        float? familiarity = plan.HasFamiliarity ? scores[^1] : null;
        return plan.LabelThresholds is { } thresholds
            ? Labelled(plan, image, best, own, thresholds)
            : Chosen(plan, image, best, Softmax(own, own[best])) is var chosen && plan.TellsKnown
                ? chosen with { Familiarity = familiarity, IsKnown = IsKnownTo(plan, chosen, familiarity) }
                : chosen;
    }

    private static PredictedImage Chosen(BulkPlan plan, DatasetImage image, int best, float[] probabilities)
    {
        var trueClass = plan.Dataset.TextOf(image.Label);
        bool? isCorrect = plan.Dataset.Task == DatasetTask.MultiLabel || plan.Unknown.Contains(trueClass)
            ? null : plan.Classes[best] == trueClass;
        return new(image, trueClass, best, plan.Classes[best], isCorrect, probabilities);
    }

    private static PredictedImage Labelled(
        BulkPlan plan, DatasetImage image, int best, ReadOnlySpan<float> scores, IReadOnlyList<double> thresholds)
    {
        // Not rounded to float32, in which a probability near 1 is 1: the evaluation counts the same labels.
        double[] probabilities = [.. scores.ToArray().Select(score => Sigmoid.Of(score))];
        string[] labels = [.. plan.Classes.Where((_, one) => probabilities[one] >= thresholds[one])];
        var truth = plan.Dataset.NamesOf(image.Label);
        return new(image, DatasetManifest.Text(truth), best, DatasetManifest.Text(labels),
            plan.Unknown.Count > 0 ? null : labels.ToHashSet(StringComparer.Ordinal).SetEquals(truth),
            Array.ConvertAll(probabilities, value => (float)value));
    }

    private static bool? IsKnownTo(BulkPlan plan, PredictedImage image, float? familiarity)
    {
        var isFamiliar = FamiliarityHead.IsFamiliar(familiarity);
        return plan.Thresholds?.IsKnown(isFamiliar, image.Predicted, image.Probabilities[image.Best]) ?? isFamiliar;
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
