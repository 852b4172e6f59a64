using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Tests.Shared;
using CnnService.Torch.Augmenting;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Augmenting;

[Collection(TorchSuite.Name)]
public sealed class AffineWarpTests
{
    private const int Width = 13;
    private const int Height = 9;

    public static TheoryData<FillMode> Fills => [.. Enum.GetValues<FillMode>()];

    [Theory]
    [MemberData(nameof(Fills))]
    public void Apply_RandomMaps_EqualsBilinearPixelByPixel(FillMode fill)
    {
        using var scope = NewDisposeScope();
        using var warp = new AffineWarp(Width, Height, fill, CPU);
        var planes = Some.Planes(40, 3, Height, Width);
        var changes = Enumerable.Range(0, 40)
            .Select(i => AugmentationSampler.Draw(AugmentationSpec.Article with { Rotation = 180, WidthShift = 1, Zoom = 0.9 }, 3, 0, i,
                Width, Height)).ToArray();

        var warped = Some.Values(warp.Apply(planes, changes));

        var source = Some.Values(planes);
        for (var i = 0; i < warped.Length; i++)
        {
            var (image, plane, y, x) = (i / (3 * Height * Width), i / (Height * Width), i / Width % Height, i % Width);
            var (atX, atY) = changes[image].Map.Apply(x, y);
            var expected = NaiveSample.At(source.AsSpan(plane * Height * Width, Height * Width), Width, Height, atX, atY, fill);
            Assert.Equal(expected, warped[i], 0.01); // Of 255; float32 places a pixel within some 1e-5 of a pixel.
        }
    }

    [Theory]
    [MemberData(nameof(Fills))]
    public void Apply_KnownMaps_EqualsPyTorch(FillMode fill)
    {
        using var scope = NewDisposeScope();
        var image = Reference["image"];
        var maps = Reference["maps"];
        var changes = maps.Data.Chunk(6).Select(m => Some.Unchanged with { Map = new(m[0], m[1], m[2], m[3], m[4], m[5]) }).ToArray();
        using var warp = new AffineWarp(image.Shape[2], image.Shape[1], fill, CPU);
        var planes = tensor(image.Data, [1, .. image.Shape.Select(size => (long)size)]).repeat(changes.Length, 1, 1, 1);

        var warped = Some.Values(warp.Apply(planes, changes));

        var expected = Reference[$"warped/{fill.ToString().ToLowerInvariant()}"].Data;
        Assert.Equal(0, expected.Zip(warped, (a, b) => Math.Abs(a - b)).Max(), 0.01);
    }

    [Fact]
    public void Apply_QuarterTurn_MovesPixels()
    {
        using var scope = NewDisposeScope();
        using var warp = new AffineWarp(5, 5, FillMode.Zeros, CPU);
        var planes = Some.Planes(1, 1, 5, 5);
        var turned = warp.Apply(planes, [Some.Unchanged with { Map = AffineMap.Rotation(90).AboutCentre(5, 5) }]);
        Assert.True(turned.allclose(planes.rot90(-1, (2, 3)), 0, 0.01));
    }

    internal static NamedWeights Reference { get; } =
        SafetensorsFile.Read(Path.Combine(AppContext.BaseDirectory, "Torch", "Augmenting", "augmentation.safetensors")).Value.Weights;
}
