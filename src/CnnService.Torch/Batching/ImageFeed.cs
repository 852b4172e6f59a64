using CnnService.Core.Datasets;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Batching;

/// <summary>Feeds the images of a source to a device, batch by batch.</summary>
internal abstract class ImageFeed(IPixelSource source) : IDisposable
{
    /// <summary>Number of images in the source.</summary>
    internal int Count { get; } = source.Count;

    /// <summary>
    /// A source that fits into <paramref name="mostResident"/> is kept on a GPU. Larger ones are read ahead of the steps, as is
    /// everything on the CPU, where the source is memory-mapped already.
    /// </summary>
    /// <param name="source">Must outlive the feed.</param>
    /// <param name="device">The device that computes the steps.</param>
    /// <param name="mostResident">The number of bytes that may stay on a GPU.</param>
    internal static ImageFeed Create(IPixelSource source, Device device, long mostResident) =>
        Fits(source, device.type, mostResident) ? new ResidentFeed(source, device) : new StreamedFeed(source, device);

    internal static bool Fits(IPixelSource source, DeviceType device, long mostResident)
    {
        var bytes = (long)source.Count * source.Height * source.Width * source.Channels;
        return device != DeviceType.CPU && bytes > 0 && bytes <= mostResident;
    }

    /// <summary>The batches, owned by the caller.</summary>
    /// <param name="order">Indices of the images, in the order of the batches.</param>
    /// <param name="batchSize">Images per batch; the last batch may be smaller.</param>
    /// <param name="skip">Number of batches to leave out at the start.</param>
    internal abstract IEnumerable<Batch> Batches(int[] order, int batchSize, int skip = 0);

    /// <summary>The order on the device.</summary>
    protected static EpochRows Rows(int[] order, Device device) => new(order.Length, (first, count) =>
    {
        using var part = tensor(order.AsSpan(first, count).ToArray(), ScalarType.Int64, device: CPU);
        return [HostCopy.ToDevice(part, device)];
    });

    public virtual void Dispose()
    {
        // The base class owns nothing.
    }
}
