using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>From gathered bytes to what a step takes, on its device: bytes, then floats, then changed at random, then normalized.</summary>
/// <param name="input">The pictures' size.</param>
/// <param name="preprocessing">The normalization.</param>
/// <param name="device">Where steps are computed.</param>
/// <param name="augmenter">Changes the pictures of <see cref="TrainingPictures"/>; null: they stay as they are. Owned by this.</param>
internal sealed class BatchPipeline(InputSpec input, Preprocessing preprocessing, Device device, BatchAugmenter? augmenter = null) : IDisposable
{
    private readonly TensorPreprocessing _preprocessing = new(preprocessing, device);

    /// <summary>The network's input <c>[N,C,H,W]</c>; <paramref name="pixels"/> may be used again when this returns.</summary>
    internal Tensor Pictures(byte[] pixels, int count)
    {
        using var placed = Place(pixels, count);
        return _preprocessing.FromBytes(placed);
    }

    /// <summary>As <see cref="Pictures"/>, changed at random.</summary>
    /// <param name="batch">May be disposed when this returns.</param>
    /// <param name="epoch">From 0.</param>
    internal Tensor TrainingPictures(Batch batch, int epoch)
    {
        if (augmenter is null)
        {
            return Pictures(batch.Pixels, batch.Count);
        }

        using var placed = Place(batch.Pixels, batch.Count);
        using var changed = augmenter.Apply(placed, batch.Indices, epoch);
        return _preprocessing.FromLevels(changed);
    }

    internal Tensor Labels(Batch batch) => tensor(batch.Labels, device: device);

    public void Dispose()
    {
        _preprocessing.Dispose();
        augmenter?.Dispose();
    }

    /// <summary>uint8 <c>[N,H,W,C]</c> on the device.</summary>
    private Tensor Place(byte[] pixels, int count)
    {
        using var bytes = frombuffer(pixels, ScalarType.Byte, count * input.Shape.Elements);
        using var shaped = bytes.view(count, input.Height, input.Width, input.Channels);
        return shaped.to(device);
    }
}
