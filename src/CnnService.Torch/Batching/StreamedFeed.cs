using CnnService.Core.Datasets;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>Gathers batches from the source ahead of the steps and copies each one to the device when it is consumed.</summary>
internal sealed class StreamedFeed(IPixelSource source, Device device) : ImageFeed(source)
{
    internal override IEnumerable<Batch> Batches(int[] order, int batchSize, int skip = 0)
    {
        using var reader = new BatchReader(Source, order, batchSize, skip);
        foreach (var batch in reader.Batches())
        {
            using (batch)
            {
                yield return CopyToDevice(batch);
            }
        }
    }

    private IPixelSource Source { get; } = source;

    private Batch CopyToDevice(HostBatch batch)
    {
        using var bytes = frombuffer(batch.Pixels, ScalarType.Byte, (long)batch.Count * Source.Height * Source.Width * Source.Channels);
        using var shaped = bytes.view(batch.Count, Source.Height, Source.Width, Source.Channels);
        return new(shaped.to(device, copy: true), tensor(batch.Labels, device: device), batch.Indices);
    }
}
