using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>One batch on the device. Owns its tensors.</summary>
/// <param name="Pixels">uint8 <c>[N,H,W,C]</c>, RGB; from a <see cref="FeatureFeed"/> float32 features <c>[N,…]</c>.</param>
/// <param name="Labels">int64 <c>[N]</c>, class indices.</param>
/// <param name="Indices">Index of each image in its source, length N.</param>
/// <param name="First">Position of the first image in the order of the epoch.</param>
internal sealed record Batch(Tensor Pixels, Tensor Labels, int[] Indices, int First) : IDisposable
{
    internal int Count => Indices.Length;

    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }
}
