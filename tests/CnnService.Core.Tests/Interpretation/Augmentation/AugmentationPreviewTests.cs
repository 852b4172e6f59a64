using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Augmentation;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.Augmentation;

public sealed class AugmentationPreviewTests
{
    private const int Side = 100;

    private readonly DarkerEachEpoch _engine = new();

    [Fact]
    public void Draw_AFewEpochs_ShowsTheImageAndThenEachPixelForPixel()
    {
        var rendered = Preview.Draw(Request() with { Count = 3 }, Image(200), CancellationToken.None).Value;

        Assert.Equal((1, 42L, 3), (_engine.Index, _engine.Seed, _engine.Epochs)); // The second training image.
        Assert.Equal([200, 190, 180, 170], rendered.Images().Select(tile => (int)Assert.Single(tile.Data.Distinct())));
        Assert.Superset(
            new HashSet<string> { "as it is", "epoch 1", "epoch 2", "epoch 3" }, Laid.Out(rendered.Figure).Texts().ToHashSet());
        Assert.Equal("b", rendered.Told()["image"]);
        Assert.Contains("\"rotation\":40", rendered.Told()["augmentation"], StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_ASmallImage_IsEnlarged()
    {
        var small = new PixelBuffer(16, 16, 1);
        var drawn = Preview.Draw(Request() with { Count = 1, Side = 16 }, small, CancellationToken.None).Value;
        Assert.All(Laid.Out(drawn.Figure).All<ImageShape>(), tile => Assert.True(tile.Width >= 128));
    }

    [Fact]
    public void ETag_AnyFieldChanged_IsAnother()
    {
        var request = Request();
        string[] tags =
        [
            Preview.ETag(request),
            Preview.ETag(request with { Seed = 43 }),
            Preview.ETag(request with { Count = 9 }),
            Preview.ETag(request with { Side = 64 }),
            Preview.ETag(request with { Augmentation = AugmentationSpec.Strong }),
            Preview.ETag(request with { Image = request.Dataset.Images[1] }),
            Preview.ETag(request with { Dataset = request.Dataset with { Digest = "other" } }),
        ];
        Assert.Equal(tags.Length, tags.Distinct().Count());
        Assert.Equal(tags[0], Preview.ETag(Request()));
        Assert.Equal(tags[0], Preview.Draw(request, Image(1), CancellationToken.None).Value.ETag);
    }

    [Fact]
    public void Draw_EngineRefuses_PassesItsProblemOn()
    {
        _engine.Refusal = new Problem(ProblemKind.Unavailable, "torch.unavailable", "None here.");
        Assert.Equal("torch.unavailable", Preview.Draw(Request(), Image(1), CancellationToken.None).Problem?.Code);
    }

    private AugmentationPreview Preview => new(_engine);

    private static AugmentationPreviewRequest Request()
    {
        DatasetImage Image(string id, Split split) => new(id, split, 0, id, "image/png", Side, Side, id);
        DatasetImage[] images = [Image("v", Split.Validation), Image("a", Split.Train), Image("t", Split.Test), Image("b", Split.Train)];
        return new()
        {
            Dataset = new()
            {
                Name = "shapes",
                Classes = ["x"],
                Channels = 1,
                Images = [.. images],
                Mean = [0],
                Std = [1],
                Digest = "digest",
                CreatedAt = DateTimeOffset.UnixEpoch,
                Bytes = 1,
            },
            Image = images[3],
            Augmentation = AugmentationSpec.Article,
            Seed = 42,
            Side = Side,
        };
    }

    private static PixelBuffer Image(byte color)
    {
        var image = new PixelBuffer(Side, Side, 1);
        Array.Fill(image.Data, color);
        return image;
    }

    private sealed class DarkerEachEpoch : IAugmentedImages
    {
        public int Index { get; private set; }

        public long Seed { get; private set; }

        public int Epochs { get; private set; }

        public Problem? Refusal { get; set; }

        public Outcome<IReadOnlyList<PixelBuffer>> Draw(
            PixelBuffer image, int index, AugmentationSpec spec, long seed, int epochs, CancellationToken cancel)
        {
            (Index, Seed, Epochs) = (index, seed, epochs);
            return Refusal is { } refusal
                ? refusal
                : Outcome.Success<IReadOnlyList<PixelBuffer>>([.. Enumerable.Range(1, epochs).Select(epoch => new PixelBuffer(
                    image.Width, image.Height, 1, [.. image.Data.Select(value => (byte)(value - (10 * epoch)))]))]);
        }
    }
}
