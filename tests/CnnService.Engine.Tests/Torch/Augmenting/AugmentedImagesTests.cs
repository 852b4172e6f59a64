using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Torch.Training;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Batching;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Augmenting;

[Collection(TorchSuite.Name)]
public sealed class AugmentedImagesTests
{
    private const int Epochs = 11; // More than are drawn at once.

    [Theory]
    [InlineData("none")]
    [InlineData("article")]
    [InlineData("strong")]
    public void Draw_EachEpoch_IsWhatTrainingSees(string name)
    {
        Assert.True(AugmentationSpec.TryFind(name, out var spec));
        using var source = new StripedImages(20, seed: 3);

        var shown = new AugmentedImages(LoadedTorch.Runtime).Draw(Image(source, 7), 7, spec, 99, Epochs, CancellationToken.None).Value;

        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            Assert.Equal(Trained(source, spec, epoch), shown[epoch].Data);
        }
    }

    [Fact]
    public void Draw_Twice_LeavesNoTensor()
    {
        using var source = new StripedImages(8, seed: 3);
        var before = LiveTensors.Count();
        new AugmentedImages(LoadedTorch.Runtime).Draw(Image(source, 7), 7, AugmentationSpec.Strong, 99, Epochs, CancellationToken.None);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Draw_Cancelled_Stops()
    {
        using var source = new StripedImages(8, seed: 3);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => new AugmentedImages(LoadedTorch.Runtime).Draw(Image(source, 7), 7, AugmentationSpec.Strong, 99, 1, cancel.Token));
    }

    private static PixelBuffer Image(StripedImages source, int index) => new(12, 12, 1, source.Pixels(index).ToArray());

    /// <summary>The image as it comes out of a training batch in shuffled order; the normalization leaves 0–255.</summary>
    private static byte[] Trained(StripedImages source, AugmentationSpec spec, int epoch)
    {
        using var scope = NewDisposeScope();
        var levels = Preprocessing.Create(NormalizationKind.Rescale, 1, [], []) with { Scale = 1 };
        var size = new InputSpec(12, 12, 1);
        using var pipeline = new BatchPipeline(levels, CPU, BatchAugmenter.Create(spec, 99, size, CPU));
        using var feed = new StreamedFeed(source, CPU);
        var order = EpochOrder.Shuffled(20, 99, epoch);
        using var batch = feed.Batches(order, batchSize: 20).First();
        using var drawn = pipeline.Begin(order, epoch);
        var values = Some.Values(pipeline.AugmentAndPreprocess(batch, drawn)[Array.IndexOf(batch.Indices, 7)]);
        return [.. values.Select(value => (byte)Math.Clamp(MathF.Round(value), 0, 255))];
    }
}
