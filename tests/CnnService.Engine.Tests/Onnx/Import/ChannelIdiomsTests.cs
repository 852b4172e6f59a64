using CnnService.Core.Architecture;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Red and blue exchanged at the input, channels parted and shuffled: as exporters write it.</summary>
public sealed class ChannelIdiomsTests
{
    private const double Tolerance = 1e-4;

    private static readonly Dictionary<string, Func<ModelProto>> Files = new()
    {
        ["flipped by numbers"] = () => Flipped(graph => graph.Node("Gather", [graph.Input(3, 9, 8), graph.Integers(2, 1, 0)],
            Attributes.Number("axis", 1L))),
        ["flipped backwards"] = () => Flipped(graph => graph.Node("Slice", [graph.Input(3, 9, 8), graph.Integers(-1),
            graph.Integers(long.MinValue + 1), graph.Integers(1), graph.Integers(-1)])),
        ["flipped backwards among other axes"] = () => Flipped(graph => graph.Node("Slice", [graph.Input(3, 9, 8),
            graph.Integers(0, 2, 0), graph.Integers(long.MaxValue, -9, 9), graph.Integers(0, 1, 2), graph.Integers(1, -1, 1)])),
        ["flipped by parts"] = () => Flipped(graph => graph.Node("Concat", [.. Parts(graph, graph.Input(3, 9, 8), 3).Reverse()],
            Attributes.Number("axis", 1L))),
        ["flipped one by one"] = () => Flipped(graph =>
        {
            var image = graph.Input(3, 9, 8);
            string One(int channel) => graph.Node("Unsqueeze",
                [graph.Node("Gather", [image, Scalar(graph, channel)], Attributes.Number("axis", 1L)), graph.Integers(1)]);
            return graph.Node("Concat", [One(2), One(1), One(0)], Attributes.Number("axis", 1L));
        }),
        ["flipped with its channels last"] = () => Flipped(graph => graph.Node("Transpose",
            [graph.Node("Slice", [graph.Input(9, 8, 3), graph.Integers(-1), graph.Integers(long.MinValue), graph.Integers(3),
                graph.Integers(-1)])],
            Attributes.Numbers("perm", 0, 3, 1, 2))),
        ["flipped by a convolution"] = () => Flipped(graph => graph.Node("Conv",
            [graph.Input(3, 9, 8), graph.Floats([0, 0, 1, 0, 1, 0, 1, 0, 0], 3, 3, 1, 1)])),
        ["scaled one by one"] = () => Flipped(ScaledOneByOne),
        ["half of the channels"] = () => Flipped(graph => graph.Node("Slice",
            [graph.Convolution(graph.Input(3, 9, 8), 3, 6), graph.Integers(1), graph.Integers(-2), graph.Integers(1)])),
        ["a unit of ShuffleNet"] = () => Flipped(Shuffled, channels: 6),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Translate_GivesWhatTheFileGives(string name)
    {
        var translated = Translating.Translate(Files[name]());

        Assert.True(translated.Succeeded, translated.Problem?.ToString());
        Assert.True(translated.Value.Unsupported.Count == 0, string.Join("; ", translated.Value.Unsupported));
        Assert.InRange(Translating.Difference(translated.Value), 0, Tolerance);
    }

    [Theory]
    [InlineData("flipped by numbers")]
    [InlineData("flipped backwards")]
    [InlineData("flipped backwards among other axes")]
    [InlineData("flipped by parts")]
    [InlineData("flipped one by one")]
    [InlineData("flipped with its channels last")]
    public void Flip_IsOneLayer_AtTheInput(string name)
    {
        var layers = Translating.Translate(Files[name]()).Value.Network.Layers;

        var flip = Assert.IsType<SelectChannelsLayer>(layers[0].Spec);
        Assert.Equal([2, 1, 0], flip.Channels);
        Assert.Equal(["input"], layers[0].Inputs);
        Assert.Single(layers, layer => layer.Spec is SelectChannelsLayer);
    }

    [Fact]
    public void Slice_OfRows_IsServedAsItIs()
    {
        var translated = Translating.Translate(Flipped(graph => graph.Node("Slice",
            [graph.Input(3, 9, 8), graph.Integers(1), graph.Integers(7), graph.Integers(2)]))).Value;

        Assert.False(translated.Network.HasLayers);
        Assert.Contains("neither height nor width", translated.Unsupported[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>torchvision's <c>transform_input</c>: each channel by itself from one normalization to another.</summary>
    private static string ScaledOneByOne(Handmade graph)
    {
        var image = graph.Input(3, 9, 8);
        string One(int channel) => graph.Node("Add",
            [graph.Node("Mul",
                [graph.Node("Unsqueeze",
                    [graph.Node("Gather", [image, Scalar(graph, channel)], Attributes.Number("axis", 1L)), graph.Integers(1)]),
                    graph.Number(0.45f + (0.01f * channel))]), graph.Number(-0.03f * (channel + 1))]);
        return graph.Node("Concat", [One(0), One(1), One(2)], Attributes.Number("axis", 1L));
    }

    /// <summary>Half of the channels through a convolution, joined with the other half, and the channels of both in turn.</summary>
    private static string Shuffled(Handmade graph)
    {
        var wide = graph.Convolution(graph.Input(3, 9, 8), 3, 6);
        var halves = Parts(graph, wide, 2);
        var joined = graph.Node("Concat", [halves[0], graph.Node("Relu", [graph.Convolution(halves[1], 3, 3, 1)])],
            Attributes.Number("axis", 1L));
        var groups = graph.Node("Reshape", [joined, graph.Integers(1, 2, 3, 7, 6)]);
        var exchanged = graph.Node("Transpose", [groups], Attributes.Numbers("perm", 0, 2, 1, 3, 4));
        return graph.Node("Reshape", [exchanged, graph.Integers(1, -1, 7, 6)]);
    }

    private static string[] Parts(Handmade graph, string value, int count)
    {
        var first = graph.Node("Split", [value], Attributes.Number("axis", 1L));
        string[] further = [.. Enumerable.Range(1, count - 1).Select(i => $"{first}_{i}")];
        graph.AddOutputs(further);
        return [first, .. further];
    }

    private static string Scalar(Handmade graph, long number)
    {
        var tensor = new TensorProto { DataType = OnnxTypes.Int64 };
        tensor.Int64Data.Add(number);
        return graph.Node("Constant", [], new AttributeProto
        {
            Name = "value",
            Type = AttributeProto.Types.AttributeType.Tensor,
            T = tensor,
        });
    }

    /// <param name="first">The network's beginning.</param>
    /// <param name="channels">Number of channels that it gives.</param>
    private static ModelProto Flipped(Func<Handmade, string> first, int channels = 3)
    {
        var graph = new Handmade();
        var flat = graph.Node("Flatten", [graph.Node("GlobalMaxPool", [graph.Node("Relu", [first(graph)])])]);
        return graph.Model(graph.Node("Softmax",
            [graph.Node("Add", [graph.Node("MatMul", [flat, graph.Weights(channels, 5)]), graph.Weights(5)])]));
    }
}
