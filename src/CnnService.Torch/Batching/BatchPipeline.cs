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

    /// <summary>As <see cref="Preprocess"/>, augmented for the epoch.</summary>
    /// <param name="batch">May be disposed once this returns.</param>
    /// <param name="epoch">Zero-based.</param>
    internal Tensor AugmentAndPreprocess(Batch batch, int epoch)
    {
        if (augmenter is null || _preprocessing is null)
        {
            return Preprocess(batch.Pixels);
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
