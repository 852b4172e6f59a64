using System.Diagnostics;
using System.Security.Cryptography;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Models;
using CnnService.Torch.Interpretation;
using CnnService.Torch.Networks;

namespace CnnService.Benchmarks.Gpu;

/// <summary>Seconds of patterns on a device: of networks with random weights, which take as long as trained ones. Owns a folder.</summary>
internal sealed class PatternSpeed : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-patterns-").FullName;
    private readonly RenderingSlots _slots;
    private readonly PatternRenderer _renderer;
    private readonly PatternRequest _request;

    /// <param name="device">Where patterns are drawn.</param>
    /// <param name="request">How they are drawn, and whether on the GPU.</param>
    public PatternSpeed(CheckedDevice device, PatternRequest request)
    {
        _slots = new(device.Runtime, device.Devices);
        _renderer = new(_slots);
        _request = request;
    }

    /// <summary>One pattern of the article's network, after a first one that loads everything.</summary>
    public async Task<CheckResult> OneAsync()
    {
        _ = PresetCatalog.TryFind("article-cnn", out var preset);
        var network = NetworkSpecValidator.Resolve(preset!.Create(2), 2, new ValidationErrors())!;
        var job = Job(Package(network), network.Layers.Last(layer => layer.Spec is Conv2dLayer).Name);
        await DrawAsync(job, 0);
        var start = Stopwatch.GetTimestamp();
        var tile = await DrawAsync(job, 1);
        return new(tile.Figures.Activation > tile.Figures.StartActivation, ("layer", job.Layer.Name), ("iterations", job.Iterations),
            ("size", job.Size.Height), ("patternSeconds", Stopwatch.GetElapsedTime(start).TotalSeconds));
    }

    /// <summary>Patterns of the last convolution of each of VGG16's five blocks, without its dense layers.</summary>
    /// <param name="filters">Filters of each layer.</param>
    public async Task<CheckResult> ManyAsync(int filters)
    {
        _ = PresetCatalog.TryFind("vgg16", out var preset);
        var spec = preset!.Create(2);
        LayerSpec[] blocks = [.. spec.Layers.TakeWhile(layer => layer is not FlattenLayer)];
        var network = NetworkSpecValidator.Resolve(
            spec with { Layers = [.. blocks, new GlobalAveragePooling2dLayer { Name = "mean" }, new DenseLayer { Name = "output" }] }, 2,
            new ValidationErrors())!;
        var model = Package(network);
        var layers = blocks.Zip(blocks.Skip(1)).Where(pair => pair.Second is MaxPooling2dLayer).Select(pair => pair.First.Name!).ToArray();
        var start = Stopwatch.GetTimestamp();
        var tiles = await Task.WhenAll(layers.Select(layer => Job(model, layer))
            .SelectMany(job => Enumerable.Range(0, filters).Select(filter => DrawAsync(job, filter))));
        return new(
            layers.Length == 5 && tiles.All(tile => tile.Figures.Activation >= tile.Figures.StartActivation),
            ("layers", string.Join(' ', layers)), ("patterns", tiles.Length),
            ("patternsSeconds", Stopwatch.GetElapsedTime(start).TotalSeconds));
    }

    public void Dispose()
    {
        _renderer.Dispose();
        _slots.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private PatternJob Job(LoadedModel model, string layer) => PatternJob.Create(model, layer, 0, null, _request).Value;

    private async Task<PatternTile> DrawAsync(PatternJob job, int filter) =>
        (await _renderer.RenderAsync(job, filter, CancellationToken.None)).Value[0];

    private LoadedModel Package(ResolvedNetwork network)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, network.Output.Name + network.Layers.Count)).FullName;
        var path = Path.Combine(folder, ModelPackage.WeightsFile);
        using (var file = File.Create(path))
        {
            SafetensorsFile.Write(file, InitialWeights.Create(network, 42));
        }

        var bytes = File.ReadAllBytes(path);
        return new("model", 1, folder, new()
        {
            Classes = ["a", "b"],
            Network = network.Spec,
            Architecture = "custom",
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, network.Spec.Input.Channels, [], []),
            Files = [new(ModelPackage.WeightsFile, bytes.Length, Convert.ToHexString(SHA256.HashData(bytes)))],
            CreatedAt = DateTimeOffset.UnixEpoch,
        }, network);
    }
}
