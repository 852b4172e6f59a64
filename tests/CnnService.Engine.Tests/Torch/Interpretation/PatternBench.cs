using System.Security.Cryptography;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Models;
using CnnService.Torch.Interpretation;
using CnnService.Torch.Native;
using CnnService.Torch.Networks;

namespace CnnService.Engine.Tests.Torch.Interpretation;

/// <summary>A renderer, and model packages in a folder of their own; both go on dispose.</summary>
internal sealed class PatternBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-patterns-").FullName;

    private readonly RenderingSlots _slots;

    /// <param name="devices">The devices to render on; null: this host's.</param>
    internal PatternBench(IDevices? devices = null)
    {
        _slots = new(LoadedTorch.Runtime, devices ?? LoadedTorch.Devices);
        Renderer = new(_slots);
    }

    internal PatternRenderer Renderer { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static ResolvedNetwork Resolve(NetworkSpec spec, int classes = 2)
    {
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(spec, classes, errors);
        Assert.False(errors.Any, string.Join("; ", errors.ToDictionary().Select(e => $"{e.Key} {e.Value[0]}")));
        return network!;
    }

    /// <summary>A published version: only what a renderer reads.</summary>
    internal LoadedModel Package(ResolvedNetwork network, NamedWeights weights, Preprocessing? preprocessing = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Directory.GetDirectories(_folder).Length.ToString("D3"))).FullName;
        var path = Path.Combine(folder, ModelPackage.WeightsFile);
        using (var file = File.Create(path))
        {
            SafetensorsFile.Write(file, weights);
        }

        var bytes = File.ReadAllBytes(path);
        var channels = network.Spec.Input.Channels;
        var manifest = new ModelManifest
        {
            Classes = [.. Enumerable.Range(0, network.Classes).Select(i => $"class {i}")],
            Network = network.Spec,
            Architecture = "custom",
            Preprocessing = preprocessing ?? Preprocessing.Create(NormalizationKind.Rescale, channels, [], []),
            Files = [new(ModelPackage.WeightsFile, bytes.Length, Convert.ToHexString(SHA256.HashData(bytes)))],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        return new("model", 1, folder, manifest, network);
    }

    /// <summary>A network with the weights a training would start from.</summary>
    internal LoadedModel Untrained(NetworkSpec spec)
    {
        var network = Resolve(spec);
        return Package(network, InitialWeights.Create(network, seed: 3));
    }

    /// <summary>Two convolutions with pooling between them, and a classifier; small enough for milliseconds a step.</summary>
    internal LoadedModel Small(int channels = 3) => Untrained(new(new(32, 32, channels),
    [
        new Conv2dLayer { Name = "conv_1", Filters = 8, Padding = Padding2.Same, Activation = ActivationKind.Relu },
        new MaxPooling2dLayer { Name = "pool" },
        new Conv2dLayer { Name = "conv_2", Filters = 12, Padding = Padding2.Same, Activation = ActivationKind.Relu },
        new FlattenLayer { Name = "flat" },
        new DenseLayer { Name = "dense", Units = 6, Activation = ActivationKind.Relu },
        new DenseLayer { Name = "output" },
    ]));

    /// <summary>One convolution of 3x3 on red, green and blue: a kernel <c>[3,3,3]</c> (channel, row, column) and bias a filter.</summary>
    internal LoadedModel HandMade(ActivationKind activation, params (float[] Kernel, float Bias)[] filters)
    {
        var network = Resolve(new(new(64, 64, 3),
        [
            new Conv2dLayer { Name = "conv", Filters = filters.Length, Activation = activation },
            new GlobalAveragePooling2dLayer { Name = "mean" },
            new DenseLayer { Name = "output" },
        ]));
        var weights = new NamedWeights();
        weights.Add("conv.weight", new([filters.Length, 3, 3, 3], [.. filters.SelectMany(filter => filter.Kernel)]));
        weights.Add("conv.bias", new([filters.Length], [.. filters.Select(filter => filter.Bias)]));
        weights.Add("output.weight", new([1, filters.Length], new float[filters.Length]));
        weights.Add("output.bias", new([1], [0]));
        return Package(network, weights);
    }

    internal static PatternJob Job(LoadedModel model, string layer, PatternRequest? request = null) =>
        PatternJob.Create(model, layer, 0, null, request ?? new()).Value;

    internal Task<IReadOnlyList<PatternTile>> RenderAsync(
        LoadedModel model, string layer, IReadOnlyList<int> filters, int? iterations = 16, int seed = 0, int? size = null) =>
        RenderAsync(Job(model, layer, new() { Iterations = iterations, Seed = seed, Size = size }), filters);

    /// <summary>All at once, as a grid's are; in the order of the filters.</summary>
    internal async Task<IReadOnlyList<PatternTile>> RenderAsync(PatternJob job, params IReadOnlyList<int> filters)
    {
        var tiles = await Task.WhenAll(filters.Select(filter => Renderer.RenderAsync(job, filter, Cancel)));
        return [.. tiles.SelectMany(variants => variants.Value)];
    }

    public void Dispose()
    {
        Renderer.Dispose();
        _slots.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
