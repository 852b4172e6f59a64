using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>Evaluates a network on labelled images.</summary>
public static class NetworkEvaluation
{
    /// <summary>Maximum number of mistakes listed.</summary>
    public const int MaxMistakes = 50;

    /// <summary>Number of classes up to which the confusion matrix is kept; a larger one would have millions of cells.</summary>
    public const int MaxConfusion = 1000;

    private const int BatchSize = 16;

    /// <summary>Runs the network on all images. Deterministic.</summary>
    /// <param name="network">One logit (class 1 against class 0), or one per class.</param>
    /// <param name="images">At least one.</param>
    /// <param name="about">Classes and ids of the images.</param>
    /// <param name="cancel">Checked between batches.</param>
    /// <param name="temperature">Number that the logits are divided by.</param>
    /// <param name="done">Told of the number of images after each batch; null: nobody asks.</param>
    public static SplitEvaluation Evaluate(
        INetworkRunner network, IPixelSource images, EvaluatedSplit about, CancellationToken cancel, double temperature = 1,
        Action<int>? done = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(about);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(about.Images.Count, images.Count);
        var tally = new EvaluationStatistics(about.Classes.Count, temperature);
        foreach (var part in Enumerable.Range(0, images.Count).Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            var logits = network.Logits(images.Gather(part));
            var outputs = logits.Length / part.Length;
            for (var i = 0; i < part.Length; i++)
            {
                tally.Add(part[i], images.Label(part[i]), logits.AsSpan(i * outputs, outputs));
            }

            done?.Invoke(part[^1] + 1);
        }

        return tally.Result(about);
    }

    /// <summary>Judges by logits that are known already.</summary>
    /// <param name="known">The logits of the images, and which of them count.</param>
    /// <param name="images">Give the labels.</param>
    /// <param name="about">Classes and ids of the images.</param>
    /// <param name="temperature">Number that the logits are divided by.</param>
    internal static SplitEvaluation Evaluate(KnownLogits known, IPixelSource images, EvaluatedSplit about, double temperature)
    {
        var tally = new EvaluationStatistics(about.Classes.Count, temperature);
        var outputs = known.Values.Length / images.Count;
        foreach (var row in known.Rows)
        {
            tally.Add(row, images.Label(row), known.Values.AsSpan(row * outputs, outputs));
        }

        return tally.Result(about) with { LeftOut = images.Count - known.Rows.Count };
    }
}

/// <summary>Logits that a network as it is served has given already.</summary>
/// <param name="Values">Of all images of a split, row by row.</param>
/// <param name="Rows">The images that count, at least one; the others were used for choices.</param>
internal sealed record KnownLogits(float[] Values, IReadOnlyList<int> Rows);

/// <summary>Classes and ids of the images that a network is evaluated on.</summary>
/// <param name="Split">The split they belong to.</param>
/// <param name="Classes">In label order.</param>
/// <param name="Images">Image ids, in the order of the pixel source.</param>
public sealed record EvaluatedSplit(Split Split, IReadOnlyList<string> Classes, IReadOnlyList<string> Images);
