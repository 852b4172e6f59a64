using CnnService.Core.Datasets;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Augmenting;

[Collection(TorchSuite.Name)]
public sealed class ColorJitterTests
{
    private static readonly AugmentationSpec All = new() { Brightness = 0.5, Contrast = 0.5, Saturation = 0.5 };

    private static readonly double[] Luma = [0.299, 0.587, 0.114];

    [Fact]
    public void Apply_KnownFactors_EqualsTorchvision()
    {
        using var scope = NewDisposeScope();
        var pale = AffineWarpTests.Reference["pale"];
        var changes = AffineWarpTests.Reference["factors"].Data.Chunk(3)
            .Select(f => Some.Unchanged with { Brightness = f[0], Contrast = f[1], Saturation = f[2] }).ToArray();
        using var colors = new ColorJitter(All, 3, CPU);
        var planes = tensor(pale.Data, [1, .. pale.Shape.Select(size => (long)size)]).repeat(changes.Length, 1, 1, 1);

        var changed = Some.Values(colors.Apply(planes, changes));

        // torchvision's weights of grey add up to 0.9999.
        Assert.Equal(0, AffineWarpTests.Reference["coloured"].Data.Zip(changed, (a, b) => Math.Abs(a - b)).Max(), 0.05);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Apply_AnyFactors_FollowsTheFormulaAndStaysInRange(int channels)
    {
        using var scope = NewDisposeScope();
        using var colors = new ColorJitter(All, channels, CPU);
        var planes = Some.Planes(6, channels, 5, 4);
        var changes = Enumerable.Range(0, 6).Select(i => AugmentationSampler.Draw(All, 1, 0, i, 4, 5)).ToArray();

        var changed = Some.Values(colors.Apply(planes, changes));

        var source = Some.Values(planes);
        for (var i = 0; i < changed.Length; i++)
        {
            var (image, channel, pixel) = (i / (20 * channels), i / 20 % channels, i % 20);
            var expected = Expected(changes[image], Pixels(source, image, channels), pixel, channel);
            Assert.Equal(Math.Clamp(expected, 0, 255), changed[i], 1e-3);
        }
    }

    [Fact]
    public void Apply_BrightnessAlone_IsAFactor()
    {
        using var scope = NewDisposeScope();
        using var colors = new ColorJitter(new() { Brightness = 0.5 }, 3, CPU);
        var planes = Some.Planes(1, 3, 5, 4);
        var changed = colors.Apply(planes, [Some.Unchanged with { Brightness = 1.5 }]);
        Assert.True(changed.allclose(planes.mul(OwnedScalars.Create(1.5)).clamp(OwnedScalars.Zero, OwnedScalars.MaxLevel)));
    }

    [Fact]
    public void Apply_NoSaturation_IsGrey()
    {
        using var scope = NewDisposeScope();
        using var colors = new ColorJitter(All, 3, CPU);
        var changed = colors.Apply(Some.Planes(1, 3, 5, 4), [Some.Unchanged with { Saturation = 0 }]);
        Assert.True(changed.select(1, 0).allclose(changed.select(1, 2)));
    }

    private static double[][] Pixels(float[] source, int image, int channels) =>
        [.. Enumerable.Range(0, 20)
            .Select(pixel => Enumerable.Range(0, channels).Select(c => (double)source[(((image * channels) + c) * 20) + pixel]).ToArray())];

    /// <summary>One after the other, as the three are defined.</summary>
    private static double Expected(ImageTransform change, double[][] pixels, int pixel, int channel)
    {
        double Grey(double[] color) => color.Length == 1 ? color[0] : color.Zip(Luma, (value, share) => value * share).Sum();
        var bright = pixels.Select(color => color.Select(value => value * change.Brightness).ToArray()).ToArray();
        var mean = bright.Average(Grey);
        var contrasted = bright[pixel].Select(value => mean + (change.Contrast * (value - mean))).ToArray();
        var grey = Grey(contrasted);
        return grey + (change.Saturation * (contrasted[channel] - grey));
    }
}
