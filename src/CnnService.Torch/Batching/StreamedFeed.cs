using CnnService.Core.Datasets;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>Gathers batches from the source ahead of the steps and copies each one to the device when it is consumed.</summary>
internal sealed class StreamedFeed(IPixelSource source, Device device) : ImageFeed(source)
{
    internal override IEnumerable<Batch> Batches(int[] order, int batchSize, int skip = 0)
    {
        using var reader = new BatchReader(Source, order, batchSize, skip);
        var first = skip * batchSize;
        foreach (var batch in reader.Batches())
        {
            using (batch)
            {
                yield return CopyToDevice(batch, first);
                first += batch.Count;
            }
        }
    }

    private IPixelSource Source { get; } = source;

    private Batch CopyToDevice(HostBatch batch, int first)
    {
        using var bytes = frombuffer(batch.Pixels, ScalarType.Byte, (long)batch.Count * Source.Height * Source.Width * Source.Channels);
        using var shaped = bytes.view(batch.Count, Source.Height, Source.Width, Source.Channels);
        using var labels = tensor(batch.Labels, device: CPU);
        return new(HostCopy.ToDevice(shaped, device), HostCopy.ToDevice(labels, device), batch.Indices, first);
    }
}
