using System.Numerics;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Models;

namespace CnnService.Engine.Tests.Torch.Interpretation;

/// <summary>Filters made by hand, for which it is known what excites them.</summary>
[Collection(TorchSuite.Name)]
public sealed class KnownFilterTests : IDisposable
{
    private static readonly float[] VerticalEdge = Kernel([-1, 0, 1, -2, 0, 2, -1, 0, 1], 1, 1, 1);
    private static readonly float[] HorizontalEdge = Kernel([-1, -2, -1, 0, 0, 0, 1, 2, 1], 1, 1, 1);
    private static readonly float[] Red = Kernel([1, 1, 1, 1, 1, 1, 1, 1, 1], 1, -0.5f, -0.5f);
    private static readonly float[] Nothing = new float[27];

    private readonly PatternBench _bench = new();

    [Theory]
    [InlineData(ActivationKind.Relu)]
    [InlineData(ActivationKind.Linear)]
    public async Task Render_EdgeKernel_DrawsWavesAcrossTheEdge(ActivationKind activation)
    {
        var model = _bench.HandMade(activation, (VerticalEdge, 0), (HorizontalEdge, 0));
        var tiles = (await _bench.RenderAsync(model, "conv", [0, 1], iterations: null));
        Assert.All(tiles, tile => Assert.Equal(PatternStatus.Ok, tile.Figures.Status));
        AssertWavesRun(tiles[0].Image, horizontal: true);
        AssertWavesRun(tiles[1].Image, horizontal: false);
    }

    [Fact]
    public async Task Render_RedKernel_DrawsRed()
    {
        var tile = (await _bench.RenderAsync(_bench.HandMade(ActivationKind.Relu, (Red, 0)), "conv", [0], iterations: null)).Single();
        var means = Enumerable.Range(0, 3).Select(c => tile.Image.Data.Where((_, i) => i % 3 == c).Average(b => b / 255.0)).ToArray();
        Assert.InRange(means[0], 0.8, 1);
        Assert.InRange(means[0] - Math.Max(means[1], means[2]), 0.3, 1);
        Assert.Equal(PatternStatus.Ok, tile.Figures.Status);
    }

    [Fact]
    public async Task Render_KernelWithoutWeights_IsDead()
    {
        var tile = (await _bench.RenderAsync(_bench.HandMade(ActivationKind.Relu, (Nothing, -1)), "conv", [0])).Single();
        Assert.Equal((PatternStatus.Dead, 0.0, 0), (tile.Figures.Status, tile.Figures.Activation, tile.Figures.Iterations));
    }

    [Fact]
    public async Task Render_FilterThatCannotReachItsThreshold_IsDead()
    {
        // 36 is the most a Sobel kernel can see in three channels of 0 to 1.
        var tile =
            (await _bench.RenderAsync(_bench.HandMade(ActivationKind.Relu, (VerticalEdge, -37)), "conv", [0], iterations: 64)).Single();
        Assert.Equal((PatternStatus.Dead, 0.0, 64), (tile.Figures.Status, tile.Figures.Activation, tile.Figures.Iterations));
    }

    [Theory]
    [InlineData("both")]
    [InlineData("pool")]
    public async Task Render_BranchesThatGreyLeavesSilent_AreClimbedThroughTheirRectifiers(string layer)
    {
        var tiles = (await _bench.RenderAsync(Branched(-1, -37), layer, [0, 1], iterations: 64));

        Assert.NotEqual(PatternStatus.Dead, tiles[0].Figures.Status);
        Assert.Equal(0, tiles[0].Figures.StartActivation);
        Assert.InRange(tiles[0].Figures.Activation, 0.1, double.PositiveInfinity);
        Assert.InRange(ShareAlong(tiles[0].Image, horizontal: true), 0.5, 1);
        Assert.Equal((PatternStatus.Dead, 0.0, 64), (tiles[1].Figures.Status, tiles[1].Figures.Activation, tiles[1].Figures.Iterations));
    }

    [Fact]
    public async Task Render_FilterThatNothingChanges_IsWeakWhereItAlwaysFires()
    {
        // A constant: noise excites it as much. The tiny weight gives the slope that tells it from a filter without weights.
        var constant = (float[])Nothing.Clone();
        constant[13] = 1e-20f;
        var tile = (await _bench.RenderAsync(_bench.HandMade(ActivationKind.Relu, (constant, 1)), "conv", [0])).Single();
        Assert.Equal((PatternStatus.Weak, 1.0, 1.0), (tile.Figures.Status, tile.Figures.Activation, tile.Figures.NoiseActivation));
    }

    [Fact]
    public async Task Render_Activation_IsThatOfTheImageHandedOut()
    {
        var tile =
            (await _bench.RenderAsync(_bench.HandMade(ActivationKind.Relu, (VerticalEdge, 0.1f)), "conv", [0], iterations: 64)).Single();
        Assert.Equal(MeanResponse(tile.Image, VerticalEdge, 0.1), tile.Figures.Activation, 1e-4);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>A vertical and a horizontal edge, each in a branch of its own, rectified, put side by side and pooled.</summary>
    private LoadedModel Branched(float vertical, float horizontal)
    {
        var network = PatternBench.Resolve(new(new(64, 64, 3),
        [
            new Conv2dLayer { Name = "vertical", Inputs = [NetworkSpec.InputName], Filters = 1, Activation = ActivationKind.Relu },
            new Conv2dLayer { Name = "horizontal", Inputs = [NetworkSpec.InputName], Filters = 1, Activation = ActivationKind.Relu },
            new ConcatenateLayer { Name = "both", Inputs = ["vertical", "horizontal"] },
            new MaxPooling2dLayer { Name = "pool" },
            new GlobalAveragePooling2dLayer { Name = "mean" },
            new DenseLayer { Name = "output" },
        ]));
        var weights = new NamedWeights();
        weights.Add("vertical.weight", new([1, 3, 3, 3], VerticalEdge));
        weights.Add("vertical.bias", new([1], [vertical]));
        weights.Add("horizontal.weight", new([1, 3, 3, 3], HorizontalEdge));
        weights.Add("horizontal.bias", new([1], [horizontal]));
        weights.Add("output.weight", new([1, 2], new float[2]));
        weights.Add("output.bias", new([1], [0]));
        return _bench.Package(network, weights);
    }

    private static float[] Kernel(float[] cells, params float[] channels) =>
        [.. channels.SelectMany(channel => cells.Select(cell => channel * cell))];

    /// <summary>Mean of relu(convolution + bias) over all places, in double precision.</summary>
    private static double MeanResponse(PixelBuffer image, float[] kernel, double bias)
    {
        var sum = 0.0;
        for (var y = 0; y < image.Height - 2; y++)
        {
            for (var x = 0; x < image.Width - 2; x++)
            {
                var z = bias;
                for (var i = 0; i < 27; i++)
                {
                    z += kernel[i] * image.Pixel(x + (i % 3), y + (i / 3 % 3))[i / 9] / 255.0;
                }

                sum += Math.Max(z, 0);
            }
        }

        return sum / ((image.Height - 2) * (image.Width - 2));
    }

    /// <summary>
    /// Without a direction each third of the directions has a third of the energy.
    /// </summary>
    private static void AssertWavesRun(PixelBuffer image, bool horizontal)
    {
        Assert.InRange(ShareAlong(image, horizontal), 0.8, 1);
        Assert.InRange(ShareAlong(image, !horizontal), 0, 0.15);
    }

    /// <summary>Share of the spectral energy, the mean left out, whose direction is within 30 degrees of one axis.</summary>
    private static double ShareAlong(PixelBuffer image, bool horizontal)
    {
        var (height, width) = (image.Height, image.Width);
        var rows = new Complex[height, width];
        for (var y = 0; y < height; y++)
        {
            for (var u = 0; u < width; u++)
            {
                rows[y, u] = Sum(width, x => Grey(image, x, y) * Complex.FromPolarCoordinates(1, -2 * Math.PI * u * x / width));
            }
        }

        var (along, all) = (0.0, 0.0);
        for (var v = 0; v < height; v++)
        {
            for (var u = v == 0 ? 1 : 0; u < width; u++)
            {
                var energy = Math.Pow(
                    Sum(height, y => rows[y, u] * Complex.FromPolarCoordinates(1, -2 * Math.PI * v * y / height)).Magnitude, 2);
                var (fx, fy) = ((double)Math.Min(u, width - u) / width, (double)Math.Min(v, height - v) / height);
                var (main, other) = horizontal ? (fx, fy) : (fy, fx);
                all += energy;
                along += Math.Atan2(other, main) <= Math.PI / 6 ? energy : 0;
            }
        }

        return along / all;
    }

    private static double Grey(PixelBuffer image, int x, int y)
    {
        var pixel = image.Pixel(x, y);
        return (pixel[0] + pixel[1] + pixel[2]) / 765.0;
    }

    private static Complex Sum(int count, Func<int, Complex> term)
    {
        var sum = Complex.Zero;
        for (var i = 0; i < count; i++)
        {
            sum += term(i);
        }

        return sum;
    }
}
