using CnnService.Core.Models;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>From bytes on the device to what a step takes: floats, changed at random, normalized.</summary>
/// <param name="preprocessing">The normalization; null: the batches hold features, which are taken as they are.</param>
/// <param name="device">Where steps are computed.</param>
/// <param name="augmenter">Changes the pictures of <see cref="TrainingPictures"/>; null: they stay as they are. Owned by this.</param>
internal sealed class BatchPipeline(Preprocessing? preprocessing, Device device, BatchAugmenter? augmenter = null) : IDisposable
{
    private readonly TensorPreprocessing? _preprocessing = preprocessing is null ? null : new(preprocessing, device);

    /// <summary>The network's input <c>[N,C,H,W]</c>.</summary>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c> on the device.</param>
    internal Tensor Pictures(Tensor bytes) => _preprocessing is null ? bytes.alias() : _preprocessing.FromBytes(bytes);

    /// <summary>Whether the same picture gives the same input in every epoch.</summary>
    internal bool IsPlain => augmenter is null;

    /// <summary>As <see cref="Pictures"/>, changed at random.</summary>
    /// <param name="batch">May be disposed when this returns.</param>
    /// <param name="epoch">From 0.</param>
    internal Tensor TrainingPictures(Batch batch, int epoch)
    {
        if (augmenter is null || _preprocessing is null)
        {
            return Pictures(batch.Pixels);
        }

        using var changed = augmenter.Apply(batch.Pixels, batch.Indices, epoch);
        return _preprocessing.FromLevels(changed);
    }

    public void Dispose()
    {
        _preprocessing?.Dispose();
        augmenter?.Dispose();
    }
}
