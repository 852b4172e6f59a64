using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Models;
using CnnService.Torch.Interpretation;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Interpretation;

/// <summary>Patterns looked for in other than the usual way.</summary>
[Collection(TorchSuite.Name)]
public sealed class PatternVariationTests : IDisposable
{
    private static readonly float[] Kernel = [.. Enumerable.Range(0, 27).Select(i => (float)Math.Sin(1.7 * i))];

    private readonly PatternBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(PatternMethod.Natural)]
    [InlineData(PatternMethod.Quick)]
    public async Task Render_AgainstAFilter_IsWhatTheOppositeFilterLooksFor(PatternMethod method)
    {
        var request = new PatternRequest { Iterations = 32, Size = 32, SharesStart = true, Method = method };
        var opposite = await RenderAsync(_bench.HandMade(ActivationKind.Relu, ([.. Kernel.Select(weight => -weight)], -0.1f)), request);

        var against = await RenderAsync(_bench.HandMade(ActivationKind.Relu, (Kernel, 0.1f)), request with { Direction = -1 });

        Assert.Equal(opposite.Image.Data, against.Image.Data);
        Assert.Equal(
            (opposite.Figures.Activation, opposite.Figures.NoiseActivation),
            (against.Figures.Activation, against.Figures.NoiseActivation));
        Assert.True(against.Figures.Activation > against.Figures.StartActivation, $"{against}");
    }

    [Fact]
    public async Task Render_Neuron_ChangesAndJudgesWhatTheMiddleCellSeesAlone()
    {
        var model = _bench.HandMade(ActivationKind.Relu, (Kernel, 0));
        var tile = await RenderAsync(model, new()
        {
            Iterations = 64,
            Objective = PatternObjective.Neuron,
            InPixels = true,
            Transforms = PatternTransforms.None,
        });

        Assert.Equal(ResponseAt(tile.Image, 31, 31), tile.Figures.Activation, 1e-4);
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                var isSeen = x is >= 31 and < 34 && y is >= 31 and < 34;
                var far = tile.Image.Pixel(x, y).ToArray().Max(value => Math.Abs(value - 127.5));
                Assert.True(isSeen ? far > 40 : far < 6, $"{x},{y}: {far}");
            }
        }
    }

    [Fact]
    public async Task Render_Variants_DifferInTexture_AndTheFirstIsTheUsualOne()
    {
        var model = _bench.Small();
        var request = new PatternRequest { Iterations = 32 };
        var usual = await RenderAsync(model, request, "conv_2", 4);
        var otherSeed = await RenderAsync(model, request with { Seed = 1 }, "conv_2", 4);

        var tiles = await _bench.RenderAsync(PatternBench.Job(model, "conv_2", request with { Diversity = 2 }), 4, 5);

        Assert.Equal([(4, 0), (4, 1), (5, 0), (5, 1)], tiles.Select(tile => (tile.Figures.Filter, tile.Figures.Variant)));
        Assert.Equal(usual.Image.Data, tiles[0].Image.Data);
        Assert.All(tiles, tile => Assert.True(tile.Figures.Activation > 2 * tile.Figures.StartActivation, $"{tile}"));
        var byChance = Similarity(model, usual.Image, otherSeed.Image);
        Assert.True(1 - Similarity(model, usual.Image, tiles[1].Image) > 4 * (1 - byChance), "no more than by chance");
    }

    [Fact]
    public async Task Render_Article_ExcitesTheFilterAtTheContrastItIsShownWith()
    {
        var model = _bench.Small();
        var request = new PatternRequest { Iterations = 50, Method = PatternMethod.Article };
        var tile = await RenderAsync(model, request, "conv_2", 4);
        var loaded = torch.Tensor.TotalCount;

        Assert.Equal(tile.Image.Data, (await RenderAsync(model, request, "conv_2", 4)).Image.Data);
        Assert.Equal(loaded, torch.Tensor.TotalCount);
        Assert.True(tile.Figures.Activation > 2 * tile.Figures.StartActivation, $"{tile}");
        var mean = tile.Image.Data.Average(value => value);
        Assert.InRange(mean, 124, 131);
        Assert.InRange(Math.Sqrt(tile.Image.Data.Average(value => (value - mean) * (value - mean))), 22, 26); // A tenth of 255.
    }

    [Fact]
    public void Roughness_Image_IsTheChangeFromPixelToPixelAndTheDistanceFromGrey()
    {
        using var scope = NewDisposeScope();
        float[] values = [0.5f, 0.7f, 0.1f, 0.9f, 0.3f, 0.5f];
        var expected = 10 * ((0.04 + 0.16) + (0.36 + 0.16)) / 6 // Right of and below the upper left pixel and the one next to it.
            + 10 * Math.Pow(values.Average(value => Math.Pow(value - 0.5, 6)), 1 / 6.0);
        Assert.Equal(expected, ArticleAscent.Roughness(tensor(values, [1, 1, 2, 3])).item<float>(), 1e-5);
    }

    /// <summary>Imported networks have activation functions as layers of their own.</summary>
    [Fact]
    public async Task Render_ActivationInALayerOfItsOwn_IsTakenForTheConvolutions()
    {
        var fused = _bench.HandMade(ActivationKind.Relu, (Kernel, 0.1f));
        var network = PatternBench.Resolve(new(new(64, 64, 3),
        [
            new Conv2dLayer { Name = "conv", Filters = 1 },
            new ActivationLayer { Name = "relu" },
            new GlobalAveragePooling2dLayer { Name = "mean" },
            new DenseLayer { Name = "output" },
        ]));
        var apart = _bench.Package(network, SafetensorsFile.Read(fused.WeightsPath).Value.Weights);
        var request = new PatternRequest { Iterations = 16, Size = 32, SharesStart = true };
        foreach (var asked in new[] { request, request with { Direction = -1 } })
        {
            var (one, other) = ((await RenderAsync(fused, asked)), (await RenderAsync(apart, asked)));
            Assert.Equal(one with { Image = other.Image }, other);
            Assert.Equal(one.Image.Data, other.Image.Data);
        }
    }

    [Fact]
    public async Task Respond_Images_AreTheMeansOfTheFilters()
    {
        var model = _bench.HandMade(ActivationKind.Relu, (Kernel, 0), ([.. Kernel.Reverse()], 0));
        var tile = await RenderAsync(model, new() { Iterations = 16 });

        var responses = _bench.Renderer.Respond(PatternBench.Job(model, "conv"), [tile.Image, new PixelBuffer(8, 8, 3)],
            TestContext.Current.CancellationToken).Value;

        var cells = from y in Enumerable.Range(0, 62) from x in Enumerable.Range(0, 62) select Math.Max(0, ResponseAt(tile.Image, x, y));
        Assert.Equal(cells.Average(), responses[0][0], 1e-4);
        Assert.Equal(tile.Figures.Activation, responses[0][0], 1e-6);
        Assert.Equal([0, 0], responses[1]);
    }

    private async Task<PatternTile> RenderAsync(LoadedModel model, PatternRequest request, string layer = "conv", int filter = 0) =>
        (await _bench.RenderAsync(PatternBench.Job(model, layer, request), filter)).Single();

    /// <summary>What <see cref="Kernel"/> answers to the window whose upper left corner is there, in double precision.</summary>
    private static double ResponseAt(PixelBuffer image, int x, int y) =>
        Enumerable.Range(0, 27).Sum(i => Kernel[i] * (image.Pixel(x + (i % 3), y + (i / 3 % 3))[i / 9] / 255.0));

    /// <summary>Cosine of the Gram matrices of the rectified maps of conv_2, in double precision.</summary>
    private static double Similarity(LoadedModel model, PixelBuffer one, PixelBuffer other)
    {
        var (a, b) = (Gram(model, one), Gram(model, other));
        return a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(y => y * y));
    }

    private static double[] Gram(LoadedModel model, PixelBuffer image)
    {
        using var scope = NewDisposeScope();
        using var network = LoadedNetwork.Load(model, CPU).Value;
        var maps = network.Activation(tensor(image.Data, [1, image.Height, image.Width, 3]), PatternBench.Job(model, "conv_2").Measured);
        var channels = (int)maps.shape[1];
        var values = maps.contiguous().data<float>().ToArray().Chunk((int)(maps.shape[2] * maps.shape[3])).ToArray();
        return [.. from i in Enumerable.Range(0,
            channels) from j in Enumerable.Range(0, channels) select values[i].Zip(values[j], (x, y) => (double)x * y).Sum()];
    }
}
