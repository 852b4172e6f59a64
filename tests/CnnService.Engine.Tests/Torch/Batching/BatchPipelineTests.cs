using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Torch.Augmenting;
using CnnService.Engine.Tests.Torch.Training;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Batching;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Batching;

[Collection(TorchSuite.Name)]
public sealed class BatchPipelineTests
{
    private static readonly InputSpec Size = new(12, 12, 1);
    private static readonly int[] Order = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly Preprocessing Standardized = Preprocessing.Create(NormalizationKind.Standardize, 1, [0.4], [0.2]);

    [Fact]
    public void TrainingImages_WithoutAugmentation_AreTheSameBitsInTheSameMemoryOrder()
    {
        using var scope = NewDisposeScope();
        using var pipeline = new BatchPipeline(Standardized, CPU, BatchAugmenter.Create(AugmentationSpec.None, 1, Size, CPU));
        using var batch = First();
        var plain = pipeline.Preprocess(batch.Pixels);
        var training = pipeline.AugmentAndPreprocess(batch, pipeline.Begin(Order, 3));
        Assert.Equal(Some.Values(plain), Some.Values(training));
        Assert.Equal(plain.stride(), training.stride());
    }

    [Fact]
    public void TrainingImages_Augmented_AreChangedByTheirIndicesBeforeNormalization()
    {
        using var scope = NewDisposeScope();
        using var pipeline = new BatchPipeline(Standardized, CPU, BatchAugmenter.Create(AugmentationSpec.Strong, 1, Size, CPU));
        using var augmenter = BatchAugmenter.Create(AugmentationSpec.Strong, 1, Size, CPU)!;
        using var batch = First();
        using var epoch = pipeline.Begin(Order, 3);
        Assert.Equal([5, 6, 7, 8], batch.Indices);

        var levels = augmenter.Apply(batch.Pixels, batch.Indices, 3);

        Assert.True(
            pipeline.AugmentAndPreprocess(batch, epoch)
            .allclose(levels.div(OwnedScalars.MaxLevel).sub(OwnedScalars.Create(0.4)).div(OwnedScalars.Create(0.2)), 1e-5, 1e-5));
    }

    private static Batch First()
    {
        using var source = new StripedImages(12, seed: 3);
        using var feed = new StreamedFeed(source, CPU);
        return feed.Batches(Order, batchSize: 4, skip: 1).First();
    }
}
