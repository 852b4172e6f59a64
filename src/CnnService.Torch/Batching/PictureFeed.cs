using CnnService.Core.Datasets;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>Gives the pictures of a source to a device, batch by batch.</summary>
internal abstract class PictureFeed(IPixelSource source) : IDisposable
{
    /// <summary>Pictures in all.</summary>
    internal int Count { get; } = source.Count;

    /// <summary>
    /// A GPU keeps the bytes of a source that fits into its share of memory; larger ones, and the processor, whose memory the map
    /// is already, are read ahead of the steps.
    /// </summary>
    /// <param name="source">Used until this is disposed.</param>
    /// <param name="device">Where steps are computed.</param>
    /// <param name="mostResident">Bytes that may stay on a GPU.</param>
    internal static PictureFeed Of(IPixelSource source, Device device, long mostResident) =>
        Fits(source, device.type, mostResident) ? new ResidentFeed(source, device) : new StreamedFeed(source, device);

    internal static bool Fits(IPixelSource source, DeviceType device, long mostResident)
    {
        var bytes = (long)source.Count * source.Height * source.Width * source.Channels;
        return device == DeviceType.CUDA && bytes > 0 && bytes <= mostResident;
    }

    /// <summary>The batches, each the caller's to dispose.</summary>
    /// <param name="order">Indices of the pictures.</param>
    /// <param name="batchSize">Pictures a batch; the last may have fewer.</param>
    /// <param name="skip">Batches left out at the start.</param>
    internal abstract IEnumerable<Batch> Batches(int[] order, int batchSize, int skip = 0);

    public virtual void Dispose()
    {
        // Nothing is held here.
    }
}
