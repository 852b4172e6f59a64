using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Engine.Tests.Onnx;
using CnnService.Engine.Tests.Torch;
using CnnService.Onnx.Gradients;
using CnnService.Torch.Networks;
using static TorchSharp.torch;
using Some = CnnService.Engine.Tests.Onnx.Some;

namespace CnnService.Engine.Tests.Parity;

/// <summary>The derivative that the ONNX graph computes is the one that automatic differentiation gives.</summary>
[Collection(TorchSuite.Name)]
public sealed class GradientGraphTests
{
    private const int Pictures = 2;

    public static TheoryData<string> Cases => [.. NetworkCases.All.Keys];

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(0, 60).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void InputGradient_OfEveryKindOfLayer_IsAutograds(string name) => AssertInputGradient(NetworkCases.All[name]());

    [Theory]
    [MemberData(nameof(Seeds))]
    public void InputGradient_OfRandomNetworks_IsAutograds(ulong seed) => AssertInputGradient(NetworkCases.Random(seed));

    [Theory]
    [MemberData(nameof(Cases))]
    public void TapGradient_OfEveryKindOfLayer_IsAutograds(string name)
    {
        var network = NetworkCases.All[name]();
        if (network.Find("x") is not { } layer)
        {
            return; // The heads' cases have no layer in their middle.
        }

        var weights = Some.Weights(network);
        var (values, factors) = Inputs(network);
        using var torch = new TorchNetwork(network, weights, CPU, ScalarType.Float32);
        using var scope = NewDisposeScope();
        var value = torch.ForwardTo(tensor(values, Shape(network.Spec.Input.Shape)), layer.Name, TapPoint.Activation).detach().requires_grad_(true);
        torch.EnterAt(layer.Name);
        var logits = torch.Forward(value, ForwardMode.Evaluation);
        var expected = autograd.grad([logits.mul(tensor(factors, Pictures, network.Outputs)).sum()], [value])[0];

        using var graph = new GradientNetwork(network, weights, layer.Name, threads: 1);
        var found = graph.Run(values, factors)!;

        AssertNear(logits, found.Logits);
        AssertNear(value, found.Value!);
        AssertNear(expected, found.Gradient);
    }

    [Fact]
    public void Build_OfALayerThatTheOutputDoesNotDependOn_IsRefused()
    {
        var network = Some.Network();

        Assert.Throws<ArgumentException>(() => GradientGraph.Build(network, Some.Weights(network), "none"));
    }

    private static void AssertInputGradient(ResolvedNetwork network)
    {
        var weights = Some.Weights(network);
        var (values, factors) = Inputs(network);
        using var torch = new TorchNetwork(network, weights, CPU, ScalarType.Float32);
        using var scope = NewDisposeScope();
        var x = tensor(values, Shape(network.Spec.Input.Shape)).requires_grad_(true);
        var logits = torch.Forward(x, ForwardMode.Evaluation);
        var expected = autograd.grad([logits.mul(tensor(factors, Pictures, network.Outputs)).sum()], [x])[0];

        using var graph = new GradientNetwork(network, weights, tap: null, threads: 1);
        var found = graph.Run(values, factors)!;

        AssertNear(logits, found.Logits);
        AssertNear(expected, found.Gradient);
    }

    private static (float[] Values, float[] Factors) Inputs(ResolvedNetwork network)
    {
        var random = new CounterRandom(5, 3);
        var values = new float[Pictures * network.Spec.Input.Shape.Elements];
        var factors = new float[Pictures * network.Outputs];
        Fill(values, ref random, 4);
        Fill(factors, ref random, 1);
        return (values, factors);
    }

    private static void Fill(float[] values, ref CounterRandom random, float spread)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = spread * (((2f * random.NextInt32(1 << 20)) / (1 << 20)) - 1);
        }
    }

    private static long[] Shape(TensorShape shape) => [Pictures, shape.Channels, shape.Height, shape.Width];

    private static void AssertNear(Tensor expected, float[] actual)
    {
        var reference = expected.detach().contiguous().data<float>().ToArray();
        Assert.Equal(reference.Length, actual.Length);
        var tolerance = 1e-4 * Math.Max(1, reference.Max(Math.Abs));
        for (var i = 0; i < reference.Length; i++)
        {
            Assert.True(Math.Abs(reference[i] - actual[i]) <= tolerance, $"value {i}: expected {reference[i]}, received {actual[i]}, tolerance {tolerance}");
        }
    }
}
