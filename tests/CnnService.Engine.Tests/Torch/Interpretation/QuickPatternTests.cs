using CnnService.Core.Architecture;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Models;
using CnnService.Torch.Networks;
using TorchSharp;

namespace CnnService.Engine.Tests.Torch.Interpretation;

/// <summary>The quick method, and images that begin alike whatever the weights.</summary>
[Collection(TorchSuite.Name)]
public sealed class QuickPatternTests : IDisposable
{
    private readonly PatternBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Render_Quick_ExcitesTheFilterFarMoreThanItsStart()
    {
        var model = _bench.Small();
        foreach (var tile in await QuickAsync(model, "conv_2", [0, 1, 2, 3]))
        {
            Assert.Equal(30, tile.Figures.Iterations);
            Assert.True(tile.Figures.Activation > Math.Max(2 * tile.Figures.StartActivation, tile.Figures.NoiseActivation), $"{tile}");
            Assert.Equal(PatternStatus.Ok, tile.Figures.Status);
        }
    }

    [Fact]
    public async Task Render_Quick_IsSeenAtTheContrastItIsMeantToHave()
    {
        var image = (await QuickAsync(_bench.Small(), "conv_2", [0])).Single().Image.Data;

        var mean = image.Average(value => value);
        var deviation = Math.Sqrt(image.Average(value => (value - mean) * (value - mean)));

        Assert.InRange(mean, 120, 135);
        Assert.InRange(deviation, 30, 39); // 0.15 of 255, but for what is cut off at black and white.
    }

    [Fact]
    public async Task Render_QuickForAKnownKernel_LooksForIt()
    {
        float[] up = [-1, -1, -1, 0, 0, 0, 1, 1, 1];
        var model = _bench.HandMade(ActivationKind.Relu, ([.. up, .. up, .. up], 0));

        var tile = (await QuickAsync(model, "conv", [0])).Single();

        // Rows differ, columns hardly: the change from row to row outweighs the one from column to column.
        double down = 0, across = 0;
        for (var y = 8; y < 56; y++)
        {
            for (var x = 8; x < 56; x++)
            {
                down += Math.Pow(tile.Image.Pixel(x, y + 1)[1] - tile.Image.Pixel(x, y)[1], 2);
                across += Math.Pow(tile.Image.Pixel(x + 1, y)[1] - tile.Image.Pixel(x, y)[1], 2);
            }
        }

        Assert.True(down > 2 * across, $"{down} down, {across} across");
    }

    [Fact]
    public async Task Render_DeadFilter_IsDeadByTheQuickMethodToo()
    {
        var model = _bench.HandMade(ActivationKind.Relu, (new float[27], -1));

        Assert.Equal(PatternStatus.Dead, (await QuickAsync(model, "conv", [0])).Single().Figures.Status);
    }

    [Theory]
    [InlineData(PatternMethod.Natural)]
    [InlineData(PatternMethod.Quick)]
    public async Task Render_SharingTheStart_DependsOnTheWeightsAloneAndNotOnTheirHash(PatternMethod method)
    {
        var model = _bench.Small();
        var renamed = model with { Manifest = model.Manifest with { Files = [new(ModelPackage.WeightsFile, 1, "00")] } };
        var learned = _bench.Package(model.Network, InitialWeights.Create(model.Network, seed: 4));

        var tile = await RenderAsync(model, method, sharesStart: true);

        Assert.Equal(tile.Image.Data, (await RenderAsync(renamed, method, sharesStart: true)).Image.Data);
        Assert.NotEqual(tile.Image.Data, (await RenderAsync(renamed, method, sharesStart: false)).Image.Data);
        Assert.NotEqual(tile.Image.Data, (await RenderAsync(learned, method, sharesStart: true)).Image.Data);
    }

    [Fact]
    public async Task Render_QuickAgainAndAgain_GivesTheSameBytesAndLeavesNoTensors()
    {
        var model = _bench.Small();
        var first = (await QuickAsync(model, "conv_2", [4])).Single();
        var loaded = torch.Tensor.TotalCount;

        Assert.Equal(first.Image.Data, (await QuickAsync(model, "conv_2", [3, 4]))[1].Image.Data);

        Assert.Equal(loaded, torch.Tensor.TotalCount);
    }

    private async Task<PatternTile> RenderAsync(LoadedModel model, PatternMethod method, bool sharesStart) =>
        (await _bench.RenderAsync(PatternBench.Job(model, "conv_2", new()
        {
            Iterations = 16,
            Method = method,
            SharesStart = sharesStart,
        }), 1)).Single();

    private Task<IReadOnlyList<PatternTile>> QuickAsync(LoadedModel model, string layer, IReadOnlyList<int> filters) =>
        _bench.RenderAsync(PatternBench.Job(model, layer, new() { Method = PatternMethod.Quick }), filters);
}
