using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>Pictures of one step on the device. Owns its tensors.</summary>
/// <param name="Pixels">uint8 <c>[N,H,W,C]</c>, RGB.</param>
/// <param name="Labels">int64 <c>[N]</c>.</param>
/// <param name="Indices">Where each picture stands in its source.</param>
internal sealed record Batch(Tensor Pixels, Tensor Labels, int[] Indices) : IDisposable
{
    internal int Count => Indices.Length;

    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }
}
