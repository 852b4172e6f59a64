using System.Security.Cryptography;
using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Web.Tests.Features.Starts;

/// <summary>A start of a folder: twelve filters and their means, of images of 16 by 16.</summary>
internal static class TinyStart
{
    public const int Side = 16;

    public const int Filters = 12;

    public static void Write(string root)
    {
        var spec = new NetworkSpec(new(Side, Side, 3),
        [
            new Conv2dLayer { Name = "look", Filters = Filters, KernelSize = new(3, 3), Activation = ActivationKind.Relu },
            new GlobalAveragePooling2dLayer { Name = "mean" },
        ]);
        var network = NetworkSpecValidator.Resolve(spec, NetworkSpecValidator.NoClasses, new())!;
        var weights = new NamedWeights();
        weights.Add("look.weight", new([Filters, 3, 3, 3], [.. Enumerable.Range(0, Filters * 27).Select(i => MathF.Sin(i * 1.7f) / 100)]));
        weights.Add("look.bias", new([Filters], new float[Filters]));
        var file = new OnnxExporter().Export(network, weights, [], Preprocessing.Create(NormalizationKind.Rescale, 3, [], []));
        var folder = Directory.CreateDirectory(Path.Combine(root, "tiny")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "tiny.onnx"), file);
        File.WriteAllText(Path.Combine(folder, "start.json"), $$"""
            {
              "name": "tiny", "summary": "Twelve filters.", "trainedOn": "nothing", "source": "this test", "licence": "MIT",
              "terms": "none", "file": "tiny.onnx", "sha256": "{{Convert.ToHexStringLower(SHA256.HashData(file))}}",
              "input": { "height": {{Side}}, "width": {{Side}}, "channels": 3 }, "features": {{Filters}},
              "preprocessing": { "channelOrder": "bgr", "scale": 1, "mean": [104, 117, 123] }
            }
            """);
    }
}
