using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Torch;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace CnnService.Engine.Tests.Onnx.Export;

/// <summary>The way the README beside the exporter describes: a module of TorchSharp's own, its layers written as data.</summary>
[Collection(TorchSuite.Name)]
public sealed class PlainTorchSharpTests
{
    [Fact]
    public void Export_OfAPlainModulesStateDict_ComputesWhatTheModuleComputes()
    {
        using var scope = torch.NewDisposeScope();
#pragma warning disable RS0030 // The module under test draws its weights from libtorch's own generator.
        torch.manual_seed(1);
#pragma warning restore RS0030
        using var module = Sequential(
            ("conv", Conv2d(3, 8, 3)), ("norm", BatchNorm2d(8)), ("relu", ReLU()), ("pool", MaxPool2d(2)), ("flat", Flatten()),
            ("head", Linear(8 * 15 * 15, 3)));
        module.forward(torch.randn(4, 3, 32, 32)); // Moves the running statistics.
        module.eval();
        var network = Some.Network(
            3,
            new(32, 32, 3),
            new Conv2dLayer { Name = "conv", Filters = 8 },
            new BatchNormalizationLayer { Name = "norm" },
            new ActivationLayer { Name = "relu", Activation = ActivationKind.Relu },
            new MaxPooling2dLayer { Name = "pool" },
            new FlattenLayer { Name = "flat" },
            new DenseLayer { Name = "head" });
        var weights = new NamedWeights();
        foreach (var (name, tensor) in module.state_dict()
            .Where(entry => !entry.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
        {
            weights.Add(name, new WeightTensor([.. tensor.shape.Select(size => (int)size)], tensor.data<float>().ToArray()));
        }

        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []);
        var file = new OnnxExporter().Export(network, weights, ["cat", "dog", "owl"], preprocessing);
        using var session = OnnxNetwork.Open(file, preprocessing, threads: 1).Value;
        var pixels = Some.Image(network, 1);
        var actual = session.Run([pixels], OnnxExporter.Logits, out _);

        var input = torch.tensor(pixels, [1, 32, 32, 3]).permute(0, 3, 1, 2).to(torch.float32).div(OwnedScalars.MaxLevel);
        var expected = module.forward(input).data<float>().ToArray();
        Near.Equal([.. expected.Select(value => (double)value)], actual, 1e-5, "logits");
    }
}
