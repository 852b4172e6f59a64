using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Objectives;

/// <summary>
/// Cross-entropy in nats, and correct predictions, for a single sigmoid output (two classes) or one softmax output per class.
/// </summary>
internal static class Losses
{
    /// <summary>Scalar: the mean over the batch.</summary>
    /// <param name="logits"><c>[N,1]</c> or <c>[N,K]</c>.</param>
    /// <param name="labels">int64 <c>[N]</c>.</param>
    internal static Tensor CrossEntropy(Tensor logits, Tensor labels)
    {
        if (logits.shape[1] > 1)
        {
            return nn.functional.cross_entropy(logits, labels);
        }

        using var column = logits.squeeze(1);
        using var targets = labels.to_type(logits.dtype);
        return nn.functional.binary_cross_entropy_with_logits(column, targets);
    }

    /// <summary>Scalar: the mean binary cross-entropy over the batch and the classes, each of which has a sigmoid.</summary>
    /// <param name="logits"><c>[N,K]</c>.</param>
    /// <param name="targets"><c>[N,K]</c>, 1 for each class that an image has, else 0.</param>
    internal static Tensor BinaryCrossEntropy(Tensor logits, Tensor targets) =>
        nn.functional.binary_cross_entropy_with_logits(logits, targets);

    /// <summary>The number of images all of whose classes have a positive logit and no other, an int64 scalar.</summary>
    internal static Tensor CountExact(Tensor logits, Tensor targets)
    {
        using var said = logits.gt(OwnedScalars.Zero);
        using var right = said.eq(targets);
        using var all = right.all(1);
        return all.sum();
    }

    /// <summary>The number of images whose most probable class is the label, an int64 scalar.</summary>
    internal static Tensor CountCorrect(Tensor logits, Tensor labels)
    {
        using var best = logits.shape[1] > 1 ? logits.argmax(1) : logits.squeeze(1).gt(OwnedScalars.Zero);
        using var hits = best.eq(labels);
        return hits.sum();
    }
}
