using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Onnx;
using CnnService.Onnx.Export;
using CnnService.Onnx.Gradients;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Engine.Tests.Parity;

/// <summary>Explanations of a small network with overlapping poolings, against the numbers that make_explanations.py wrote
/// with PyTorch.</summary>
public sealed class PyTorchExplanationTests : IDisposable
{
    private const int Side = 12;
    private const int Maps = 5;
    private const int Classes = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnn-explain-").FullName;
    private readonly ClassGradients _gradients = new(Options.Create(new ServingOptions { Threads = 1 }));
    private readonly ServedScores _scores = new(Options.Create(new ServingOptions { Threads = 1 }));
    private readonly FeatureMapReader _reader = new(Options.Create(new ServingOptions { Threads = 1 }));

    [Theory]
    [InlineData("grad-cam")]
    [InlineData("hires-cam")]
    [InlineData("saliency")]
    [InlineData("integrated-gradients")]
    public void Explain_SmallNetwork_IsWhatPyTorchGives(string method)
    {
        using var numbers = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Parity", "explanations.json")));
        var model = Publish();
        var explainer = new Explainer(_gradients, _scores, _reader);
        for (var index = 0; index < Classes; index++)
        {
            var plan = ExplanationPlan.Create(model, new() { Method = method, Class = $"{index}", Layer = "second", Steps = 16 }).Value;
            var map = explainer.Explain(plan, Image(), CancellationToken.None).Value;
            double[] expected = [
                .. numbers.RootElement.GetProperty("classes")[index].GetProperty(method).EnumerateArray()
                    .Select(value => value.GetDouble())];
            var largest = expected.Max(Math.Abs);
            Assert.True(largest > 1e-3 || map.Status == ExplainStatus.Empty, $"{method} of class {index} shows nothing");
            Near.Equal(expected, [.. map.Values], 1e-4 * Math.Min(1, largest), $"{method} of class {index}");
            Assert.Equal(numbers.RootElement.GetProperty("logits")[index].GetDouble(), map.Target.Score, 1e-4);
        }
    }

    public void Dispose()
    {
        _gradients.Dispose();
        _scores.Dispose();
        _reader.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private LoadedModel Publish()
    {
        var conv = new Conv2dLayer { Name = "first", Filters = Maps, Padding = Padding2.Same, Activation = ActivationKind.Relu };
        var network = Onnx.Some.Network(
            Classes,
            new(Side, Side, 3),
            conv,
            new MaxPooling2dLayer { Name = "pool", PoolSize = new(3, 3), Strides = new(2, 2), Padding = Padding2.Explicit(1, 1, 1, 1) },
            conv with { Name = "second" },
            new MaxPooling2dLayer { Name = "shrink" },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "head" });
        var weights = new NamedWeights();
        weights.Add("first.weight", new([Maps, 3, 3, 3], Value(Maps * 27, 1, 0.5)));
        weights.Add("first.bias", new([Maps], Value(Maps, 2, 0.1)));
        weights.Add("second.weight", new([Maps, Maps, 3, 3], Value(Maps * Maps * 9, 3, 0.4)));
        weights.Add("second.bias", new([Maps], Value(Maps, 4, 0.1)));
        weights.Add("head.weight", new([Classes, Maps * 9], Value(Classes * Maps * 9, 5, 0.5)));
        weights.Add("head.bias", new([Classes], Value(Classes, 6, 0.1)));
        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []);
        string[] classes = ["a", "b", "c"];
        var manifest = ModelPackage.Write(
            _folder,
            new()
            {
                Classes = classes,
                Network = network.Spec,
                Architecture = "custom",
                Preprocessing = preprocessing,
                Files = [],
                CreatedAt = DateTimeOffset.UnixEpoch,
            },
            new OnnxExporter().Export(network, weights, classes, preprocessing),
            weights);
        return new("some", 1, _folder, manifest, network);
    }

    /// <summary>The formula of the script.</summary>
    private static float[] Value(int count, int key, double scale) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var large = Math.Abs(Math.Sin((12.9898 * (i + 1)) + (78.233 * key))) * 4096;
            return (float)(scale * ((2 * (large - Math.Floor(large))) - 1));
        }),
    ];

    private static PixelBuffer Image() =>
        new(Side, Side, 3, [.. Enumerable.Range(0, Side * Side * 3).Select(i => (byte)(((i * i * 7) + (i * 31)) % 256))]);
}
