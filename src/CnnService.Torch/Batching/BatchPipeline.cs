using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>
/// From gathered bytes to what a step takes, on its device: bytes, then floats, then normalized. Random changes of the
/// pictures belong between the last two.
/// </summary>
internal sealed class BatchPipeline(InputSpec input, Preprocessing preprocessing, Device device) : IDisposable
{
    private readonly TensorPreprocessing _preprocessing = new(preprocessing, device);

    /// <summary>The network's input <c>[N,C,H,W]</c>; <paramref name="pixels"/> may be used again when this returns.</summary>
    internal Tensor Pictures(byte[] pixels, int count)
    {
        using var bytes = frombuffer(pixels, ScalarType.Byte, count * input.Shape.Elements);
        using var shaped = bytes.view(count, input.Height, input.Width, input.Channels);
        using var placed = shaped.to(device);
        return _preprocessing.FromBytes(placed);
    }

    internal Tensor Labels(Batch batch) => tensor(batch.Labels, device: device);

    public void Dispose() => _preprocessing.Dispose();
}
