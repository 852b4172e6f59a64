using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>Logits of a network for labelled images.</summary>
/// <param name="Values">Row by row; one (class 1 against class 0), or one per class.</param>
/// <param name="Labels">The label of each image; at least one.</param>
internal sealed record LabelledLogits(float[] Values, IReadOnlyList<int> Labels)
{
    /// <summary>Logits of more images and classes than these are not kept.</summary>
    public const long MaxValues = 64_000_000;

    private const int BatchSize = 16;

    /// <summary>The classes of each label, where an image has any number of them and each class an output of its own; else null.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Sets { get; init; }

    public int Outputs => Values.Length / Labels.Count;

    /// <summary>Whether an image has a class; for sets of labels.</summary>
    public bool Has(int row, int one) => Sets![Labels[row]].Contains(one);

    /// <summary>The probability of a class by itself, 0–1; for sets of labels.</summary>
    public double Probability(int row, int one) => Sigmoid.Of(Values[(row * Outputs) + one]);

    /// <summary>The logits of an image divided by a temperature, one per class.</summary>
    public double[] Scores(int row, double temperature)
    {
        var logits = Values.AsSpan(row * Outputs, Outputs);
        var scores = new double[Math.Max(2, Outputs)];
        for (var i = 0; i < logits.Length; i++)
        {
            scores[scores.Length - logits.Length + i] = logits[i] / temperature; // A sigmoid of z is the softmax of (0, z).
        }

        return scores;
    }

    /// <summary>The images of these indices, in this order.</summary>
    public LabelledLogits Select(IReadOnlyList<int> rows) =>
        new([.. rows.SelectMany(row => Values[(row * Outputs)..((row + 1) * Outputs)])], [.. rows.Select(row => Labels[row])])
        {
            Sets = Sets,
        };

    /// <summary>
    /// Mean cross-entropy (nats) and accuracy (0–1); for sets of labels the mean binary cross-entropy of images and classes, and the
    /// share of images all of whose labels are right at a probability of one half.
    /// </summary>
    public (double Loss, double Accuracy) Judge()
    {
        if (Sets is not null)
        {
            return JudgeSets(Sets);
        }

        var (loss, hits) = (0.0, 0);
        for (var row = 0; row < Labels.Count; row++)
        {
            var scores = Scores(row, 1);
            loss += LogSumExp.Of(scores) - scores[Labels[row]];
            hits += Array.IndexOf(scores, scores.Max()) == Labels[row] ? 1 : 0;
        }

        return (loss / Labels.Count, (double)hits / Labels.Count);
    }

    /// <summary>With the labels of a network that has the same classes, and maybe more, in another order.</summary>
    /// <param name="own">The classes in the order of the labels; each is one of <paramref name="network"/>.</param>
    /// <param name="network">The network's classes, in its order.</param>
    public LabelledLogits Relabel(IReadOnlyList<string> own, IReadOnlyList<string> network)
    {
        var places = network.Index().ToDictionary(named => named.Item, named => named.Index, StringComparer.Ordinal);
        return this with { Labels = [.. Labels.Select(label => places[own[label]])] };
    }

    private (double Loss, double Accuracy) JudgeSets(IReadOnlyList<IReadOnlyList<int>> sets)
    {
        var (loss, hits, outputs) = (0.0, 0, Outputs);
        var has = new bool[outputs];
        for (var row = 0; row < Labels.Count; row++)
        {
            Array.Clear(has);
            foreach (var one in sets[Labels[row]])
            {
                has[one] = true;
            }

            var wrong = 0;
            for (var one = 0; one < outputs; one++)
            {
                var logit = (double)Values[(row * outputs) + one];
                loss += Sigmoid.SoftPlus(has[one] ? -logit : logit);
                wrong += logit > 0 != has[one] ? 1 : 0;
            }

            hits += wrong == 0 ? 1 : 0;
        }

        return (loss / Values.Length, (double)hits / Labels.Count);
    }

    /// <summary>Runs a network on all images.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">At least one.</param>
    /// <param name="done">Told of the number of images after each batch.</param>
    /// <param name="cancel">Checked between batches.</param>
    public static LabelledLogits Read(INetworkRunner network, IPixelSource images, Action<int> done, CancellationToken cancel) =>
        Read(network, images, [.. Enumerable.Range(0, images.Count)], done, cancel);

    /// <summary>Runs a network on some images; of one that ends in features, the values are those.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="places">Indices of those to run it on, at least one.</param>
    /// <param name="done">Told of the number of images after each batch.</param>
    /// <param name="cancel">Checked between batches.</param>
    public static LabelledLogits Read(
        INetworkRunner network, IPixelSource images, int[] places, Action<int> done, CancellationToken cancel)
    {
        float[] values = [];
        var read = 0;
        foreach (var part in places.Chunk(BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            var logits = network.Logits(images.Gather(part));
            var outputs = logits.Length / part.Length;
            values = values.Length == 0 ? new float[(long)outputs * places.Length] : values;
            logits.CopyTo(values, read * outputs);
            read += part.Length;
            done(read);
        }

        return new(values, [.. places.Select(images.Label)]);
    }
}
