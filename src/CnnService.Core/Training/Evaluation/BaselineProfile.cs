using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>Computes the prediction profile of a version that was published without one.</summary>
public static class BaselineProfile
{
    /// <summary>Maximum number of images, taken evenly from the source so that every class is represented.</summary>
    public const int MaxImages = 2000;

    private const int BatchSize = 16;

    /// <param name="network">One logit (two classes), or one per class.</param>
    /// <param name="classes">In the order of its outputs.</param>
    /// <param name="images">At least one; labels are not used.</param>
    /// <param name="split">The split they belong to.</param>
    /// <param name="cancel">Checked between batches.</param>
    public static PredictionProfile Compute(
        INetworkRunner network, IReadOnlyList<string> classes, IPixelSource images, Split split, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count);
        var tenths = classes.Select(_ => new long[PredictionProfile.Bins]).ToArray();
        var alignment = new ClassAlignment(classes, classes);
        foreach (var part in EvenSpread.Of(images.Count, MaxImages).Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            var logits = network.Logits(images.Gather(part));
            var outputs = logits.Length / part.Length;
            for (var i = 0; i < part.Length; i++)
            {
                var answer = new NetworkPrediction(alignment.Scores(logits.AsSpan(i * outputs, outputs)));
                tenths[answer.Best][PredictionProfile.Bin(answer.Probability(answer.Best))]++;
            }
        }

        return new(split.ToWireName(), tenths);
    }
}
