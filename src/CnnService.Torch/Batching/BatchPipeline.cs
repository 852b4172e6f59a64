using CnnService.Core.Models;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>Turns a batch of bytes on the device into the network's input: conversion to float, augmentation, normalization.</summary>
/// <param name="preprocessing">The normalization; null if the batches hold precomputed features, which are passed through.</param>
/// <param name="device">The device that computes the steps.</param>
/// <param name="augmenter">Augments the images of <see cref="AugmentAndPreprocess"/>; null: no augmentation. Owned by this
/// pipeline.</param>
internal sealed class BatchPipeline(Preprocessing? preprocessing, Device device, BatchAugmenter? augmenter = null) : IDisposable
{
    private readonly TensorPreprocessing? _preprocessing = preprocessing is null ? null : new(preprocessing, device);

    /// <summary>The network's input <c>[N,C,H,W]</c>.</summary>
    /// <param name="bytes">uint8 <c>[N,H,W,C]</c> on the device.</param>
    internal Tensor Preprocess(Tensor bytes) => _preprocessing is null ? bytes.alias() : _preprocessing.FromBytes(bytes);

    /// <summary>Whether an image gives the same input in every epoch: there is no augmentation.</summary>
    internal bool IsDeterministic => augmenter is null;

    /// <summary>The random transforms of an epoch, owned by the caller; null: no augmentation.</summary>
    /// <param name="order">Indices of the images, in the order of the steps.</param>
    /// <param name="epoch">Zero-based.</param>
    internal AugmentedEpoch? Begin(int[] order, int epoch) => augmenter is null ? null : new(augmenter, order, epoch);

    /// <summary>As <see cref="Preprocess"/>, augmented.</summary>
    /// <param name="batch">May be disposed once this returns.</param>
    /// <param name="epoch">The transforms of the epoch that the batch belongs to; null: no augmentation.</param>
    internal Tensor AugmentAndPreprocess(Batch batch, AugmentedEpoch? epoch)
    {
        if (epoch is null || _preprocessing is null)
        {
            return Preprocess(batch.Pixels);
        }

        using var changed = epoch.Apply(batch.Pixels, batch.First);
        return _preprocessing.FromLevels(changed);
    }

    public void Dispose()
    {
        _preprocessing?.Dispose();
        augmenter?.Dispose();
    }
}
