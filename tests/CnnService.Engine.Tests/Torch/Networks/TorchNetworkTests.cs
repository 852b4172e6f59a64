using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Networks;

[Collection(TorchSuite.Name)]
public sealed class TorchNetworkTests
{
    public static TheoryData<string> Names => [.. Reference.Cases.Select(example => example.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_EveryLayerKind_GivesWhatPyTorchGives(string name)
    {
        var example = Reference.Cases.First(one => one.Name == name);
        using var scope = NewDisposeScope();
        using var network = Load(example);
        var mode = example.Training ? ForwardMode.Training : ForwardMode.Evaluation;

        var logits = network.Forward(Input(name), mode);

        AssertClose(Reference.Tensors[$"{name}/value/{network.Network.Output.Name}"], TensorValues.Read(logits), name);
        foreach (var (tensor, expected) in Reference.Under($"{name}/after/").All)
        {
            AssertClose(expected, TensorValues.Read(network.Tensors[tensor]), tensor);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ForwardTo_EveryLayer_GivesItsActivation(string name)
    {
        var example = Reference.Cases.First(one => one.Name == name);
        Assert.SkipWhen(example.Training, "A layer's value is taken in evaluation.");
        using var scope = NewDisposeScope();
        using var network = Load(example);
        foreach (var (layer, expected) in Reference.Under($"{name}/value/").All)
        {
            AssertClose(expected, TensorValues.Read(network.ForwardTo(Input(name), To(network, layer), TapPoint.Activation)), layer);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_EveryParameter_AreWhatPyTorchGives(string name)
    {
        var example = Reference.Cases.First(one => one.Name == name);
        using var scope = NewDisposeScope();
        using var network = Load(example);
        network.Tensors.RequireGradients(true);
        var labels = torch.tensor(Reference.Tensors[$"{name}/labels"].Data).to_type(ScalarType.Int64);

        var logits = network.Forward(Input(name), example.Training ? ForwardMode.Training : ForwardMode.Evaluation);
        var loss = Losses.CrossEntropy(logits, labels);
        var gradients = Gradients.Compute(loss, [.. network.Tensors.Trained.Select(tensor => network.Tensors[tensor])]);

        AssertClose(Reference.Tensors[$"{name}/loss"].Data, [loss.item<float>()], "loss");
        foreach (var (tensor, gradient) in network.Tensors.Trained.Zip(gradients))
        {
            AssertClose(Reference.Tensors[$"{name}/gradient/{tensor}"], TensorValues.Read(gradient), tensor);
        }
    }

    [Fact]
    public void ForwardTo_Preactivation_ComesBeforeTheFunction()
    {
        using var scope = NewDisposeScope();
        using var network = Load(Reference.Cases.First(one => one.Name == "conv-valid"));
        var before = network.ForwardTo(Input("conv-valid"), To(network, "layer"), TapPoint.Preactivation);
        var after = network.ForwardTo(Input("conv-valid"), To(network, "layer"), TapPoint.Activation);

        Assert.True(before.min().item<float>() < 0);
        Assert.True(before.relu().equal(after).all().item<bool>());
    }

    [Fact]
    public void ForwardTo_InputThatNeedsGradient_GetsIt()
    {
        using var scope = NewDisposeScope();
        using var network = Load(Reference.Cases.First(one => one.Name == "branches"));
        var input = Input("branches").requires_grad_(true);

        var gradient = Gradients.Compute(network.ForwardTo(input, To(network, "sum"), TapPoint.Activation).sum(), [input])[0];

        Assert.True(gradient.abs().sum().item<float>() > 0);
        Assert.Equal(input.shape, gradient.shape);
    }

    [Fact]
    public void ForwardTo_LargerImage_KeepsSamePaddingsSame()
    {
        using var scope = NewDisposeScope();
        using var network = Load(Reference.Cases.First(one => one.Name == "max-same"));
        var map = network.ForwardTo(zeros(1, 3, 33, 20), To(network, "layer"), TapPoint.Activation);
        Assert.Equal([1, 4, 17, 10], map.shape);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_InBfloat16_StayNearPyTorchsFloat32(string name)
    {
        var example = Reference.Cases.First(one => one.Name == name);
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(WithoutDropout(example).Resolve(), Reference.Under($"{name}/weight/"), CPU,
            ScalarType.BFloat16);
        network.Tensors.RequireGradients(true);
        var labels = torch.tensor(Reference.Tensors[$"{name}/labels"].Data).to_type(ScalarType.Int64);
        var usesBatch = example.Training || !network.Tensors.All.Any(entry => entry.Key.EndsWith("running_mean", StringComparison.Ordinal));

        var logits = network.Forward(Input(name), ForwardMode.Training);
        var gradients = Gradients.Compute(
            Losses.CrossEntropy(logits, labels), [.. network.Tensors.Trained.Select(tensor => network.Tensors[tensor])]);

        Assert.Equal(ScalarType.Float32, logits.dtype);
        Assert.All(gradients, gradient => Assert.Equal(ScalarType.Float32, gradient.dtype));
        Assert.SkipUnless(usesBatch, "PyTorch's numbers for this network are those of evaluation.");
        var expected = Reference.Tensors[$"{name}/gradient/output.weight"].Data;
        var tolerance = 0.05 * Math.Max(0.1, expected.Max(Math.Abs));
        Assert.All(expected.Zip(TensorValues.Read(gradients[^2]).Data), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void Snapshot_OfFreshNetwork_ReturnsTheWeightsGiven()
    {
        var network = Reference.Cases.First(one => one.Name == "norm-evaluation").Resolve();
        var weights = InitialWeights.Create(network, seed: 7);
        using var carried = new TorchNetwork(network, weights, CPU, ScalarType.Float32);

        var snapshot = carried.Tensors.Snapshot();

        Assert.Equal(weights.Names, snapshot.Names);
        Assert.All(weights.All, entry => Assert.Equal(entry.Value.Data, snapshot[entry.Key].Data));
    }

    [Fact]
    public void Create_WeightsOfAnotherShape_NamesTheTensor()
    {
        var network = Reference.Cases.First(one => one.Name == "conv-valid").Resolve();
        var weights = new NamedWeights();
        weights.Add("layer.weight", new([1, 3, 3, 3], new float[27]));

        var failure = Assert.Throws<ArgumentException>(() => new TorchNetwork(network, weights, CPU, ScalarType.Float32));

        Assert.Contains("'layer.weight' must have the shape [4, 3, 3, 3], received [1, 3, 3, 3]", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_OfDisposedNetworks_LeavesNoTensor()
    {
        var before = LiveTensors.Count();
        foreach (var example in Reference.Cases)
        {
            using var scope = NewDisposeScope();
            using var network = Load(example);
            network.Forward(Input(example.Name), ForwardMode.Training);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static ReferenceCase WithoutDropout(ReferenceCase example) => example with
    {
        Network = example.Network with
        {
            Layers = [.. example.Network.Layers.Select(layer => layer is DropoutLayer dropout ? dropout with { Rate = 0 } : layer)],
        },
    };

    private static TorchNetwork Load(ReferenceCase example) =>
        new(example.Resolve(), Reference.Under($"{example.Name}/weight/"), CPU, ScalarType.Float32);

    private static Tensor Input(string name)
    {
        var x = Reference.Tensors[$"{name}/x"];
        return torch.tensor(x.Data, [.. x.Shape.Select(size => (long)size)]);
    }

    private static void AssertClose(WeightTensor expected, WeightTensor actual, string what)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        AssertClose(expected.Data, actual.Data, what);
    }

    private static ExecutionOrder To(TorchNetwork network, string layer) =>
        ExecutionOrder.To(network.Network, network.Network.Find(layer)!);

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        var scale = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * scale, $"{what}[{i}]: expected {expected[i]}, is {actual[i]}");
        }
    }
}
