using CnnService.Core.Datasets;
using CnnService.Engine.Tests.Torch.Training;
using CnnService.Torch.Batching;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Batching;

/// <summary>The processor stands for the device: what is kept and picked out there is the same everywhere.</summary>
[Collection(TorchSuite.Name)]
public sealed class ImageFeedTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batches_InAnyOrder_HoldTheImagesAskedFor(bool resident)
    {
        using var source = new StripedImages(300, seed: 3); // More than are copied at once.
        using var feed = Feed(source, resident);
        var order = EpochOrder.Shuffled(300, seed: 1, epoch: 0);

        var seen = new List<int>();
        foreach (var batch in feed.Batches(order, batchSize: 7, skip: 2))
        {
            using (batch)
            {
                Assert.Equal([batch.Count, 12, 12, 1], batch.Pixels.shape);
                var (pixels, labels) = (batch.Pixels.data<byte>().ToArray(), batch.Labels.data<long>().ToArray());
                for (var i = 0; i < batch.Count; i++)
                {
                    Assert.True(source.Pixels(batch.Indices[i]).SequenceEqual(pixels.AsSpan(i * 144, 144)));
                    Assert.Equal(source.Label(batch.Indices[i]), labels[i]);
                }

                seen.AddRange(batch.Indices);
            }
        }

        Assert.Equal(order[14..], seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batches_TakenAndDisposed_LeaveNoTensorBehind(bool resident)
    {
        using var source = new StripedImages(40, seed: 3);
        var before = LiveTensors.Count();
        using (var feed = Feed(source, resident))
        {
            foreach (var batch in feed.Batches(EpochOrder.Sequential(40), batchSize: 8))
            {
                batch.Dispose();
            }
        }

        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void Resident_SourceThatFailsOnTheWay_LeavesNoTensorBehind()
    {
        using var images = new StripedImages(300, seed: 3);
        using var source = new FailingImages(images, failsAt: 280); // In the second batch that is copied.
        var before = LiveTensors.Count();

        Assert.Throws<OutOfMemoryException>(() => new ResidentFeed(source, CPU));

        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount); // At once: what is streamed instead needs the memory.
    }

    [Fact]
    public void Of_AGpuWithRoom_KeepsTheImagesThere_TheProcessorNever()
    {
        using var source = new StripedImages(10, seed: 3); // 1440 bytes.
        using var feed = ImageFeed.Create(source, CPU, mostResident: 1_000_000);
        Assert.IsType<StreamedFeed>(feed);
        Assert.True(ImageFeed.Fits(source, TorchSharp.DeviceType.CUDA, mostResident: 1440));
        Assert.False(ImageFeed.Fits(source, TorchSharp.DeviceType.CUDA, mostResident: 1439));
        using var none = new EmptyPixelSource(12, 12, 1);
        Assert.False(ImageFeed.Fits(none, TorchSharp.DeviceType.CUDA, mostResident: 1440));
    }

    private static ImageFeed Feed(IPixelSource source, bool resident) =>
        resident ? new ResidentFeed(source, CPU) : new StreamedFeed(source, CPU);
}
