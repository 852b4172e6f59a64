using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>
/// Feeds the output of a network's frozen layers instead of the images: computed once for the whole source and kept on the device. Owns the
/// tensors.
/// </summary>
internal sealed class FeatureFeed : ImageFeed
{
    private const int BatchSize = 64;

    private readonly Tensor _features;
    private readonly Tensor _labels;
    private readonly Device _device;

    /// <param name="images">Feeds the images of <paramref name="source"/> to the device.</param>
    /// <param name="pipeline">Must not augment: each image's features are computed only once.</param>
    /// <param name="network">Evaluated in inference mode, in the arithmetic of training.</param>
    /// <param name="layer">The layer whose activation is fed, float32 <c>[N,…]</c>.</param>
    /// <param name="done">Told of the number of images of each batch.</param>
    /// <param name="cancel">Checked between batches.</param>
    internal FeatureFeed(
        IPixelSource source, ImageFeed images, BatchPipeline pipeline, TorchNetwork network, string layer, Action<int> done,
        CancellationToken cancel)
        : base(source)
    {
        _device = network.Device;
        using var _ = no_grad();
        var order = ExecutionOrder.To(network.Network,
            network.Network.Find(layer) ?? throw new ArgumentException($"The network has no layer '{layer}'.", nameof(layer)));
        var (features, labels) = (new List<Tensor>(), new List<Tensor>());
        try
        {
            foreach (var batch in images.Batches(EpochOrder.Sequential(source.Count), BatchSize))
            {
                using (batch)
                {
                    cancel.ThrowIfCancellationRequested();
                    using var scope = NewDisposeScope();
                    features.Add(network.ForwardFrozen(pipeline.Preprocess(batch.Pixels), order).contiguous().DetachFromDisposeScope());
                    labels.Add(batch.Labels.clone().DetachFromDisposeScope());
                    done(batch.Count);
                }
            }

            (_labels, _features) = (Concatenate(labels), Concatenate(features));
        }
        finally
        {
            features.ForEach(part => part.Dispose());
            labels.ForEach(part => part.Dispose());
        }
    }

    internal override IEnumerable<Batch> Batches(int[] order, int batchSize, int skip = 0)
    {
        using var rows = Rows(order, _device);
        var first = skip * batchSize;
        foreach (var indices in order.Chunk(batchSize).Skip(skip))
        {
            using var chosen = rows.Take(first, indices.Length)[0];
            yield return new(_features.index_select(0, chosen), _labels.index_select(0, chosen), indices, first);
            first += indices.Length;
        }
    }

    public override void Dispose()
    {
        _features.Dispose();
        _labels.Dispose();
        base.Dispose();
    }

    private static Tensor Concatenate(List<Tensor> parts) =>
        (parts.Count == 0 ? empty(0, device: CPU) : cat([.. parts], 0)).DetachFromDisposeScope();
}
