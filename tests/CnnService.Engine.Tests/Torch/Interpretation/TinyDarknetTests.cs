using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Imaging;
using CnnService.Tests.Shared;
using CnnService.Torch.Interpretation;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Interpretation;

/// <summary>A network trained on ImageNet against real images.</summary>
[Collection(TorchSuite.Name)]
public sealed class TinyDarknetTests(ITestOutputHelper output) : IDisposable
{
    private const int Side = 96;
    private const int Filters = 8;
    private const int ImagesOfEach = 50;
    private const int PerBatch = 10;

    private readonly PatternBench _bench = new();

    [Theory]
    [InlineData("conv5")]
    [InlineData("conv8")]
    [InlineData("conv12")]
    public async Task Render_TrainedNetwork_BeatsNoiseAndRealImages(string layer)
    {
        var model = TinyDarknet();
        var real = RealActivations(model, layer);

        var tiles = (await _bench.RenderAsync(model, layer, [.. Enumerable.Range(0, Filters)], iterations: null, size: Side));

        var own = tiles.Select(tile => Standardized(tile.Figures.Activation, real, tile.Figures.Filter)).Order().ToArray();
        var others = tiles.Select(tile => StandardizedForNext(model, layer, tile, real)).Order().ToArray();
        output.WriteLine(
            $"{layer}: {string.Join(' ', own.Select(z => $"{z:F1}"))}; as the next filter sees them: "
            + $"{string.Join(' ', others.Select(z => $"{z:F1}"))}");
        Assert.True(tiles.Count(tile => tile.Figures.Status == PatternStatus.Ok) >= Filters - 1, string.Join('\n', tiles));
        Assert.True(own[Filters / 2] >= 4);
        Assert.True(others[Filters / 2] < 3, "an image of one filter must mean little to another");
        Assert.All(tiles, tile => Assert.InRange(LeastDeviation(tile.Image), 0.05, 0.45));
    }

    public void Dispose() => _bench.Dispose();

    private LoadedModel TinyDarknet()
    {
        int[] filters = [16, 32, 16, 128, 16, 128, 32, 256, 32, 256, 64, 512, 64, 512, 128, 1000];
        int[] pooled = [1, 2, 6, 10];
        var layers = new List<LayerSpec>();
        for (var i = 1; i <= filters.Length; i++)
        {
            layers.Add(new Conv2dLayer
            {
                Name = $"conv{i}",
                Filters = filters[i - 1],
                KernelSize = i <= 2 || (i % 2 == 0 && i < 16) ? new(3, 3) : new(1, 1),
                Padding = Padding2.Same,
                Activation = i < 16 ? ActivationKind.LeakyRelu : ActivationKind.Linear,
            });
            if (pooled.Contains(i))
            {
                layers.Add(new MaxPooling2dLayer());
            }
        }

        var network = PatternBench.Resolve(new(new(224, 224, 3), [.. layers, new GlobalAveragePooling2dLayer()]), classes: 1000);
        return _bench.Package(network, SafetensorsFile.Read(SharedData.Path("pretrained", "tiny-darknet.safetensors")).Value.Weights);
    }

    /// <summary>Mean activations of cats and dogs, <c>[image][filter]</c>.</summary>
    private static List<float[]> RealActivations(LoadedModel model, string layer)
    {
        using var imaging = new TestImaging();
        var folder = SharedData.Path("dogs-vs-cats-small", "validation");
        var images = new[] { "cats", "dogs" }
            .SelectMany(name => Directory.GetFiles(Path.Combine(folder, name)).Order(StringComparer.Ordinal).Take(ImagesOfEach))
            .Select(path => imaging.Decoder.Decode(File.ReadAllBytes(path), new(Side, Side, 3)).Value);
        return [.. images.Chunk(PerBatch).SelectMany(batch => Activations(model, layer, batch))];
    }

    private static List<float[]> Activations(LoadedModel model, string layer, PixelBuffer[] images)
    {
        using var scope = NewDisposeScope();
        using var network = LoadedNetwork.Load(model, CPU).Value;
        var bytes = tensor(images.SelectMany(image => image.Data).ToArray(), [images.Length, Side, Side, 3]);
        var means = network.Activation(bytes, PatternBench.Job(model, layer).Measured).mean([2, 3]);
        return [.. Enumerable.Range(0, images.Length).Select(i => means[i].data<float>().ToArray())];
    }

    private static double Standardized(double activation, List<float[]> real, int filter)
    {
        var mean = real.Average(image => image[filter]);
        return (activation - mean) / Math.Sqrt(real.Average(image => Math.Pow(image[filter] - mean, 2)));
    }

    private static double StandardizedForNext(LoadedModel model, string layer, PatternTile tile, List<float[]> real)
    {
        var next = tile.Figures.Filter + 1;
        return Standardized(Activations(model, layer, [tile.Image]).Single()[next], real, next);
    }

    /// <summary>The smallest channel's deviation, 0–1: grey images have none.</summary>
    private static double LeastDeviation(PixelBuffer image) => Enumerable.Range(0, 3).Min(channel =>
    {
        var values = image.Data.Where((_, i) => i % 3 == channel).Select(value => value / 255.0).ToArray();
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => Math.Pow(value - mean, 2)));
    });
}
