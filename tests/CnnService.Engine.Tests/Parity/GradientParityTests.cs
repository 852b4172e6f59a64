using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Onnx;
using CnnService.Engine.Tests.Torch;
using CnnService.Onnx.Gradients;
using CnnService.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Parity;

/// <summary>The gradient graph against libtorch's automatic differentiation, in float64, of the same network and weights.</summary>
[Collection(TorchSuite.Name)]
public sealed class GradientParityTests
{
    private const int Batch = 2;

    public static TheoryData<string> Names => [.. NetworkCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_OfEveryLayerKind_AreThoseOfAutograd(string name)
    {
        var network = NetworkCases.All[name]();
        foreach (var layer in network.Layers)
        {
            AssertEqual(network, 1, name, layer.Name);
        }
    }

    [Fact]
    public void Gradients_OfRandomNetworks_AreThoseOfAutograd()
    {
        for (ulong seed = 100; seed < 160; seed++)
        {
            var network = NetworkCases.Random(seed);
            AssertEqual(network, seed, $"network {seed}", network.Layers[(int)seed % network.Layers.Count].Name);
        }
    }

    /// <summary>A class that a closing relu silences is scored by what stands before it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_ReluBeforeTheMean_LeaveItOutUnlessItIsTapped(bool isLayer)
    {
        var conv = new Conv2dLayer
        {
            Name = "classes_conv",
            Filters = 3,
            Activation = isLayer ? ActivationKind.Linear : ActivationKind.Relu,
        };
        LayerSpec[] relu = isLayer ? [new ActivationLayer { Name = "rectify" }] : [];
        var network = Onnx.Some.Network(
            3, new(7, 6, 3), [new Conv2dLayer
            {
                Name = "first",
                Filters = 4,
            }, conv, .. relu, new GlobalAveragePooling2dLayer { Name = "mean" }]);

        Assert.Equal(isLayer ? "rectify" : "classes_conv", ScoreTail.Find(network, "first")[0].Name);
        Assert.Empty(ScoreTail.Find(network, isLayer ? "rectify" : "classes_conv"));
        foreach (var layer in network.Layers)
        {
            AssertEqual(network, 5, layer.Name, layer.Name);
        }
    }

    private static void AssertEqual(ResolvedNetwork network, ulong seed, string what, string layer)
    {
        var weights = Onnx.Some.Weights(network, seed);
        var planes = Planes(network, seed);
        float[] factors = [.. Enumerable.Range(0, network.Outputs).Select(i => 1 - (0.7f * i))];
        using var ofLayer = new GradientSession(GradientGraph.Build(network, weights, new(layer, false)), 1);
        var byLayer = ofLayer.Run(new(layer, planes, Batch, factors));
        AssertNear(Autograd(network, weights, layer, planes, factors), byLayer, $"{what}: by {layer}");

        if (layer == network.Layers[^1].Name || layer == network.Layers[0].Name)
        {
            using var ofBoth = new GradientSession(GradientGraph.Build(network, weights, new(layer, true)), 1);
            AssertNear(Autograd(network, weights, layer, planes, factors), ofBoth.Run(new(layer, planes, Batch, factors)),
                $"{what}: by {layer} of both");
            using var ofImage = new GradientSession(GradientGraph.Build(network, weights, new(null, true)), 1);
            AssertNear(Autograd(network, weights, null, planes, factors), ofImage.Run(new(null, planes, Batch, factors)),
                $"{what}: by the image");
        }
    }

    private static void AssertNear((double[] Gradient, double[] Logits, double[] Scores) expected, ClassGradient actual, string what)
    {
        Near.Equal(expected.Logits, actual.Logits.ToArray(), 1e-4, $"{what}, logits");
        Near.Equal(expected.Scores, actual.Scores.ToArray(), 1e-4, $"{what}, scores");
        Near.Equal(expected.Gradient, actual.Gradients.ToArray(), 1e-4, what);
    }

    /// <summary>The network run layer by layer in float64, and the gradient of its weighted scores by one of the values.</summary>
    private static (double[] Gradient, double[] Logits, double[] Scores) Autograd(
        ResolvedNetwork network, NamedWeights weights, string? layer, float[] planes, float[] factors)
    {
        using var scope = NewDisposeScope();
        var (height, width, channels) = network.Spec.Input;
        using var tensors = new NetworkTensors(network, weights, CPU, ScalarType.Float64);
        var x = torch.tensor(planes, [Batch, channels, height, width], ScalarType.Float64).requires_grad_(true);
        var values = new Dictionary<string, Tensor> { [NetworkSpec.InputName] = x };
        var raw = new Dictionary<string, Tensor>();
        foreach (var each in network.Layers)
        {
            raw[each.Name] = Apply(each, [.. each.Inputs.Select(name => values[name])], tensors);
            values[each.Name] = Activations.Apply(network.FunctionOf(each), raw[each.Name], mayOverwrite: false);
        }

        var logits = values[network.Output.Name];
        var tail = ScoreTail.Find(network, layer);
        var score = tail.Skip(1).Aggregate(tail.Count == 0 ? logits : raw[tail[0].Name], (value, next) => Apply(next, [value], tensors));
        var sum = score.mul(torch.tensor(factors, ScalarType.Float64)).sum();
        var by = values[layer ?? NetworkSpec.InputName];
        var gradient = Gradients.Compute(sum, [by])[0];
        return (gradient is null || gradient.IsInvalid ? new double[by.numel()] : Read(gradient), Read(logits.detach()),
            Read(score.detach()));
    }

    private static Tensor Apply(ResolvedLayer layer, Tensor[] inputs, NetworkTensors tensors) =>
        LayerMath.Apply(layer, inputs, new(tensors, layer.Name, ScalarType.Float64), ForwardMode.Evaluation);

    private static double[] Read(Tensor tensor) => tensor.contiguous().data<double>().ToArray();

    private static float[] Planes(ResolvedNetwork network, ulong seed)
    {
        var random = new CounterRandom(seed, 99);
        var planes = new float[Batch * network.Spec.Input.Shape.Elements];
        for (var i = 0; i < planes.Length; i++)
        {
            planes[i] = (float)(2 * random.NextGaussian());
        }

        return planes;
    }
}
