using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Augmenting;

/// <summary>The random transforms of one epoch. Owns what they are made of, on the device.</summary>
/// <param name="augmenter">Draws and applies them; has to outlive this.</param>
/// <param name="order">Index of each image in the training source, in the order of the steps.</param>
/// <param name="epoch">Zero-based.</param>
internal sealed class AugmentedEpoch(BatchAugmenter augmenter, int[] order, int epoch) : IDisposable
{
    private readonly EpochRows _terms = new(order.Length, (first, count) =>
        augmenter.Terms([.. order.AsSpan(first, count).ToArray().Select(index => augmenter.Draw(index, epoch))]));

    /// <summary>Augments some images of the epoch.</summary>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c>, RGB.</param>
    /// <param name="first">Position of the first image in the epoch's order.</param>
    /// <returns>float32 <c>[N,C,H,W]</c>, RGB, 0–255.</returns>
    internal Tensor Apply(Tensor bytes, int first)
    {
        using var scope = NewDisposeScope();
        return augmenter.Apply(bytes, _terms.Take(first, (int)bytes.shape[0])).MoveToOuterDisposeScope();
    }

    public void Dispose() => _terms.Dispose();
}
