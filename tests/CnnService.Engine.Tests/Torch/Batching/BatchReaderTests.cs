using CnnService.Core.Datasets;
using CnnService.Engine.Tests.Torch.Training;
using CnnService.Torch.Batching;

namespace CnnService.Engine.Tests.Torch.Batching;

public sealed class BatchReaderTests
{
    [Fact]
    public void Batches_InOrder_HoldTheImagesAskedForAndARest()
    {
        using var source = new StripedImages(11, seed: 3);
        var order = EpochOrder.Shuffled(11, seed: 1, epoch: 0);
        using var reader = new BatchReader(source, order, batchSize: 4);

        var seen = new List<int>();
        foreach (var batch in reader.Batches())
        {
            using (batch)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var index = order[seen.Count];
                    Assert.Equal(source.Label(index), batch.Labels[i]);
                    Assert.True(source.Pixels(index).SequenceEqual(batch.Pixels.AsSpan(i * 144, 144)));
                    seen.Add(index);
                }
            }
        }

        Assert.Equal(Enumerable.Range(0, 11), seen.Order());
    }

    [Fact]
    public void Batches_Skipped_StartWithTheNext()
    {
        using var source = new StripedImages(11, seed: 3);
        using var reader = new BatchReader(source, EpochOrder.Sequential(11), batchSize: 4, skip: 2);
        var batch = Assert.Single(reader.Batches());
        Assert.Equal([0, 1, 0], batch.Labels);
    }

    [Fact]
    public void Batches_SourceFails_FailsHere()
    {
        using var source = new BrokenImages();
        using var reader = new BatchReader(source, EpochOrder.Sequential(4), batchSize: 2);
        Assert.Throws<InvalidDataException>(() => reader.Batches().ToList());
    }

    [Fact]
    public void Dispose_BeforeAllIsTaken_StopsReading()
    {
        using var source = new StripedImages(1000, seed: 3);
        var reader = new BatchReader(source, EpochOrder.Sequential(1000), batchSize: 1);
        using (reader.Batches().First())
        {
            reader.Dispose();
        }
    }

    [Fact]
    public void Shuffled_AnotherEpochOrSeed_GivesAnotherOrder()
    {
        var order = EpochOrder.Shuffled(50, seed: 1, epoch: 0);
        Assert.Equal(order, EpochOrder.Shuffled(50, seed: 1, epoch: 0));
        Assert.NotEqual(order, EpochOrder.Shuffled(50, seed: 1, epoch: 1));
        Assert.NotEqual(order, EpochOrder.Shuffled(50, seed: 2, epoch: 0));
    }

    private sealed class BrokenImages : IPixelSource
    {
        public int Count => 4;

        public int Height => 1;

        public int Width => 1;

        public int Channels => 1;

        public int Label(int index) => 0;

        public ReadOnlySpan<byte> Pixels(int index) => throw new InvalidDataException("rotten");

        public void Dispose()
        {
        }
    }
}
