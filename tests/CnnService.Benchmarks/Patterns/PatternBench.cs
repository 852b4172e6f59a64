using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.ClassImages;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;
using CnnService.Imaging;
using CnnService.Onnx;
using CnnService.Torch;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks.Patterns;

/// <summary>The engines, a model, and real images. Every judgement is of a PNG file, decoded again.</summary>
internal sealed class PatternBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IPatternRenderer _renderer;
    private readonly IServedScores _scores;

    public PatternBench(Arguments arguments)
    {
        _services = new ServiceCollection().AddLogging().AddImaging().AddTorch().AddOnnx().BuildServiceProvider();
        _renderer = _services.GetRequiredService<IPatternRenderer>();
        _scores = _services.GetRequiredService<IServedScores>();
        Request = new()
        {
            Method = Enum.Parse<PatternMethod>(arguments.Text("--method", "natural"), ignoreCase: true),
            InPixels = arguments.Text("--fourier", "usual") switch { "yes" => false, "no" => true, _ => null },
            Transforms = Enum.Parse<PatternTransforms>(arguments.Text("--transforms", "robust"), ignoreCase: true),
        };
        Model = AtHand.Model(arguments.Required(0, "a model folder"));
        var files = AtHand.Shuffled(arguments.Required(1, "a folder of images"), ".jpg");
        var (height, width, channels) = Model.Network.Spec.Input;
        Side = arguments.Whole("--size", height);
        Images = [.. files.Take(arguments.Whole("--images", 200)).Select(file => Decode(File.ReadAllBytes(file), Side, channels))];
        Served = Side == height && Side == width
            ? Images
            : [.. files.Take(Images.Count).Select(file => Decode(File.ReadAllBytes(file), height, channels))];
    }

    public LoadedModel Model { get; }

    /// <summary>How patterns are drawn.</summary>
    public PatternRequest Request { get; }

    /// <summary>Of the patterns, and of the images that they are compared with.</summary>
    public int Side { get; }

    public IReadOnlyList<PixelBuffer> Images { get; }

    /// <summary>The same images in the network's own size.</summary>
    public IReadOnlyList<PixelBuffer> Served { get; }

    /// <summary>A filter's pattern as its file says, and its figures. Nothing is kept from one call to the next.</summary>
    public async Task<(PixelBuffer Image, PatternFigures Figures, byte[] Png)> DrawAsync(string layer, int filter, int? iterations = null)
    {
        using var tiles = Tiles();
        using var pipeline = new PatternPipeline(tiles);
        var drawn = await PatternJob.Create(Model, layer, filter, null, Request with { Size = Side, Iterations = iterations })
            .BindAsync(job => pipeline.GetOrRenderAsync(job, CancellationToken.None));
        var image = drawn.Succeeded ? drawn.Value : throw new InvalidOperationException(drawn.Problem.Detail);
        var png = Render(image);
        return (Decode(png), image.Figures[0], png);
    }

    public async Task<(PixelBuffer Image, ClassImageFigures Figures)> DrawClassAsync(int index)
    {
        using var tiles = Tiles();
        var classes = new ClassImagePipeline(tiles, _scores);
        var drawn = await ClassImagePlan.Create(Model, new() { Class = Model.Manifest.Classes[index], Pattern = Request })
            .BindAsync(plan => classes.GetOrRenderAsync(plan, CancellationToken.None));
        var (image, figures) = drawn.Succeeded ? drawn.Value : throw new InvalidOperationException(drawn.Problem.Detail);
        return (Decode(Render(image)), figures[0]);
    }

    public LayerResponses Responses(string layer, IReadOnlyList<PixelBuffer> images) =>
        new(_renderer.Respond(Job(layer), images, CancellationToken.None).Value);

    public float[] Response(string layer, PixelBuffer image) => _renderer.Respond(Job(layer), [image], CancellationToken.None).Value[0];

    public IReadOnlyList<ClassTarget> Targets(IReadOnlyList<PixelBuffer> images, int index) =>
        [.. images.Select(image => ClassTarget.Resolve(Model.Network, _scores.Logits(Model, [image.Data]).Value, index))];

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private PatternTileCache Tiles() => new(_renderer, new Memory());

    private PatternJob Job(string layer) => PatternJob.Create(Model, layer, 0, null, new()).Value;

    private PixelBuffer Decode(byte[] file, int side, int channels) =>
        _services.GetRequiredService<IImageDecoder>().Decode(file, new DecodeTarget(side, side, channels)).Value;

    private byte[] Render(DrawnFigure drawn) =>
        _services.GetRequiredService<IFigureRenderer>().Render(drawn.Figure, new(Scale: 1), drawn.Text).Value;

    private PixelBuffer Decode(byte[] png)
    {
        var decoder = _services.GetRequiredService<IImageDecoder>();
        var header = decoder.ReadHeader(png).Value;
        return decoder.Decode(png, new DecodeTarget(header.Width, header.Height, Model.Network.Spec.Input.Channels)).Value;
    }

    private sealed class Memory : IImageCache
    {
        private readonly ConcurrentDictionary<string, byte[]> _kept = new();

        public bool TryGet(string key, [NotNullWhen(true)] out byte[]? bytes) => _kept.TryGetValue(key, out bytes);

        public void Put(string key, ReadOnlyMemory<byte> bytes) => _kept[key] = bytes.ToArray();
    }
}
