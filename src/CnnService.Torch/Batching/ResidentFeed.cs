using CnnService.Core.Datasets;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>Keeps all images as bytes on the device and selects each batch there. Owns the tensors.</summary>
internal sealed class ResidentFeed : ImageFeed
{
    private const int BatchSize = 256;

    private readonly Tensor _pixels;
    private readonly Tensor _labels;
    private readonly Device _device;

    internal ResidentFeed(IPixelSource source, Device device)
        : base(source)
    {
        _device = device;
        _pixels = empty([source.Count, source.Height, source.Width, source.Channels], ScalarType.Byte, device: device)
            .DetachFromDisposeScope();
        _labels = tensor([.. Enumerable.Range(0, source.Count).Select(index => (long)source.Label(index))], device: device)
            .DetachFromDisposeScope();
        try
        {
            Fill(source);
        }
        catch
        {
            Dispose(); // What does not fit is streamed instead, and needs the memory.
            throw;
        }
    }

    internal override IEnumerable<Batch> Batches(int[] order, int batchSize, int skip = 0)
    {
        using var rows = Rows(order, _device);
        var first = skip * batchSize;
        foreach (var indices in order.Chunk(batchSize).Skip(skip))
        {
            using var chosen = rows.Take(first, indices.Length)[0];
            yield return new(_pixels.index_select(0, chosen), _labels.index_select(0, chosen), indices, first);
            first += indices.Length;
        }
    }

    private void Fill(IPixelSource source)
    {
        var at = 0;
        using var streamed = new StreamedFeed(source, _device);
        foreach (var batch in streamed.Batches(EpochOrder.Sequential(source.Count), BatchSize))
        {
            using (batch)
            using (var part = _pixels.narrow(0, at, batch.Count))
            {
                part.copy_(batch.Pixels);
                at += batch.Count;
            }
        }
    }

    public override void Dispose()
    {
        _pixels.Dispose();
        _labels.Dispose();
        base.Dispose();
    }
}
