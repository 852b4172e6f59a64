using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Torch.Augmenting;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Augmenting;

[Collection(TorchSuite.Name)]
public sealed class BatchAugmenterTests
{
    private static readonly InputSpec Size = new(18, 20, 3);

    public static TheoryData<string, int> Presets => new() { { "article", 3 }, { "strong", 3 }, { "article", 1 }, { "strong", 1 } };

    [Theory]
    [MemberData(nameof(Presets))]
    public void Apply_OneImageOrMany_GivesTheSameBits(string name, int channels)
    {
        using var scope = NewDisposeScope();
        using var augmenter = Create(name, channels);
        var images = Images(12, channels);

        var together = augmenter.Apply(images, [.. Enumerable.Range(100, 12)], 4);

        for (var i = 0; i < 12; i++)
        {
            var alone = augmenter.Apply(images.narrow(0, i, 1), [100 + i], 4);
            Assert.True(alone.equal(together.narrow(0, i, 1)).all().item<bool>());
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Apply_SameSeed_GivesTheSameBits_AnotherEpochOthers(string name, int channels)
    {
        using var scope = NewDisposeScope();
        using var augmenter = Create(name, channels);
        using var again = Create(name, channels);
        var images = Images(3, channels);
        int[] indices = [5, 0, 7];
        var changed = augmenter.Apply(images, indices, 1);
        Assert.Equal(Some.Values(changed), Some.Values(again.Apply(images, indices, 1)));
        Assert.NotEqual(Some.Values(changed), Some.Values(augmenter.Apply(images, indices, 2)));
        Assert.InRange(changed.min().item<float>(), 0, 255);
        Assert.InRange(changed.max().item<float>(), 0, 255.001);
    }

    [Fact]
    public void Create_OfNothing_IsNoAugmenter()
    {
        Assert.Null(BatchAugmenter.Create(AugmentationSpec.None with { Fill = FillMode.Reflect }, 1, Size, CPU));
        Assert.Null(BatchAugmenter.Create(new() { Saturation = 0.5 }, 1, Size with { Channels = 1 }, CPU));
    }

    [Fact]
    public void Apply_FlipsAlone_MovesPixelsAndChangesNone()
    {
        using var scope = NewDisposeScope();
        using var augmenter = BatchAugmenter.Create(new() { HorizontalFlip = true, VerticalFlip = true }, 1, Size, CPU)!;
        var images = Images(40, 3);
        var planes = images.permute(0, 3, 1, 2).to_type(ScalarType.Float32);

        var changed = augmenter.Apply(images, [.. Enumerable.Range(0, 40)], 0);

        for (var i = 0; i < 40; i++)
        {
            var change = augmenter.Draw(i, 0);
            long[] along = [.. change.MirrorVertical ? [1L] : Array.Empty<long>(), .. change.MirrorHorizontal ? [2L] : Array.Empty<long>()];
            var expected = along.Length == 0 ? planes[i] : planes[i].flip(along);
            Assert.Equal(Some.Values(expected), Some.Values(changed[i]));
        }
    }

    [Fact]
    public void Apply_CutoutAlone_CoversTheBoxWithTheMeanColour()
    {
        using var scope = NewDisposeScope();
        using var augmenter = BatchAugmenter.Create(new() { Cutout = 0.5 }, 1, Size, CPU)!;
        var images = Images(8, 3);
        var planes = images.permute(0, 3, 1, 2).to_type(ScalarType.Float32);
        var changed = Some.Values(augmenter.Apply(images, [.. Enumerable.Range(0, 8)], 0));
        var source = Some.Values(planes);
        for (var i = 0; i < changed.Length; i++)
        {
            var (plane, y, x) = (i / 360, i / 20 % 18, i % 20);
            var box = augmenter.Draw(plane / 3, 0).Cutout;
            var isCovered = x >= box.Left && x < box.Right && y >= box.Top && y < box.Bottom;
            Assert.Equal(isCovered ? source.Skip(plane * 360).Take(360).Average() : source[i], changed[i], 1e-3);
        }
    }

    [Fact]
    public void Apply_ManyBatches_LeavesNoTensor()
    {
        var before = LiveTensors.Count();
        using (var augmenter = Create("strong", 3))
        {
            using var images = Images(4, 3);
            var held = Tensor.TotalCount;
            for (var epoch = 0; epoch < 20; epoch++)
            {
                using var changed = augmenter.Apply(images, [0, 1, 2, 3], epoch);
                Assert.Equal(held + 1, Tensor.TotalCount);
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static BatchAugmenter Create(string name, int channels)
    {
        Assert.True(AugmentationSpec.TryFind(name, out var spec));
        return BatchAugmenter.Create(spec, 1, Size with { Channels = channels }, CPU)!;
    }

    private static Tensor Images(int count, int channels) =>
        tensor(Some.Bytes(count * Size.Height * Size.Width * channels), [count, Size.Height, Size.Width, channels]);
}
