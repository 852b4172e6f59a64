using System.Diagnostics;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using CnnService.Torch.Networks;
using Microsoft.Extensions.Options;

namespace CnnService.Benchmarks.Gpu;

/// <summary>ONNX Runtime on the device: whether it is there, whether its answers are the processor's, and how fast they come.</summary>
internal static class ServingCheck
{
    /// <summary>What the service would tell of the device that was asked for.</summary>
    public static CheckResult Device(string device)
    {
        var serving = new ServingDevice(Options.Create(new ServingOptions { Device = device }), TimeProvider.System);
        var told = serving.Device.Match(name => name, problem => problem.Detail);
        return new(serving.Device.Succeeded, ("device", told), ("note", serving.Note));
    }

    /// <summary>The way of images to a GPU, with padded batches in bound memory, against the processor's plain one.</summary>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="batchSize">Images of a run.</param>
    /// <param name="runs">Runs that are timed.</param>
    public static CheckResult Answers(string device, int batchSize, int runs)
    {
        _ = PresetCatalog.TryFind("article-cnn", out var preset);
        var network = NetworkSpecValidator.Resolve(preset!.Create(2), 2, new ValidationErrors())!;
        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []);
        var file = new OnnxExporter().Export(network, InitialWeights.Create(network, 42), ["a", "b"], preprocessing);
        using var plain = OnnxNetwork.Open(file, preprocessing, threads: 0).Value;
        var target = device == ServingDevice.Cuda ? RunTarget.From(device, new()) : new RunTarget(null, IsBound: true);
        using var bound = OnnxNetwork.Open(file, preprocessing, threads: 0, target).Value;
        using var source = new NoiseImages(batchSize, plain.Height);
        ReadOnlyMemory<byte>[] images = [.. Enumerable.Range(0, batchSize).Select(i => source.Pixels(i).ToArray())];
        var difference = plain.Run(images, OnnxExporter.Logits, out _)
            .Zip(bound.Run(images, OnnxExporter.Logits, out _), (a, b) => (double)Math.Abs(a - b)).Max();
        var start = Stopwatch.GetTimestamp();
        for (var run = 0; run < runs; run++)
        {
            bound.Run(images, OnnxExporter.Logits, out _);
        }

        return new(difference <= 1e-4, ("device", bound.Device), ("batchSize", batchSize), ("largestDifference", difference),
            ("imagesPerSecond", batchSize * runs / Stopwatch.GetElapsedTime(start).TotalSeconds));
    }
}
