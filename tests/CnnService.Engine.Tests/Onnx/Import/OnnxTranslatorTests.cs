using CnnService.Core.Architecture;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>What other exporters write, translated, gives what OnnxRuntime gives for the file itself.</summary>
public sealed class OnnxTranslatorTests
{
    private const double Tolerance = 1e-4;

    /// <summary>Files by what is special about them.</summary>
    private static readonly Dictionary<string, Func<ModelProto>> Files = new()
    {
        ["lower same padding"] = () => Head(
            graph => graph.Convolution(graph.Input(3, 9, 8), 3, 4, 4, Attributes.Text("auto_pad", "SAME_LOWER"),
                Attributes.Numbers("strides", 2, 2))),
        ["upper same padding"] = () => Head(
            graph => graph.Convolution(graph.Input(3, 9, 8), 3, 4, 2, Attributes.Text("auto_pad", "SAME_UPPER"))),
        ["uneven padding"] = () => Head(
            graph => graph.Convolution(graph.Input(3, 9, 8), 3, 4, 3, Attributes.Numbers("pads", 0, 2, 1, 0),
                Attributes.Numbers("dilations", 2, 1))),
        ["ceiling pools"] = () => Head(graph => graph.Node(
            "AveragePool",
            [graph.Node("MaxPool", [graph.Convolution(graph.Input(3, 18, 17), 3, 4)], Attributes.Numbers("kernel_shape", 3, 3),
                Attributes.Numbers("strides", 2, 2), Attributes.Number("ceil_mode", 1L))],
            Attributes.Numbers("kernel_shape", 2, 2),
            Attributes.Numbers("pads", 1, 1, 0, 0),
            Attributes.Number("count_include_pad", 1L))),
        ["normalization inside"] = () => Head(graph => graph.Convolution(
            graph.Node("Div",
                [graph.Node("Sub", [graph.Input(3, 9, 8), graph.Weights(1, 3, 1, 1)]), graph.Floats([0.2f, 0.3f, 0.25f], 3, 1, 1)]), 3, 4)),
        ["one minus"] = () => Head(graph => graph.Node("Sub", [graph.Number(1), graph.Convolution(graph.Input(3, 9, 8), 3, 4)])),
        ["bias added"] = () => Head(
            graph => graph.Node("Add", [graph.Node("Conv", [graph.Input(3, 9, 8), graph.Weights(4, 3, 3, 3)]), graph.Weights(1, 4, 1, 1)])),
        ["mean over the map"] = () => Dense(
            graph => graph.Node("ReduceMean", [graph.Convolution(graph.Input(3, 9, 8), 3, 6)], Attributes.Numbers("axes", 2, 3),
                Attributes.Number("keepdims", 0L))),
        ["PyTorch's view"] = () => Dense(View),
        ["squeezed"] = () => Dense(
            graph => graph.Node("Squeeze", [graph.Node("GlobalAveragePool", [graph.Convolution(graph.Input(3, 9, 8), 3, 6)])],
                Attributes.Numbers("axes", 2, 3))),
        ["matrix product and bias"] = () => Handmade(graph => graph.Node(
            "Add", [graph.Node("MatMul", [graph.Node("Flatten", [graph.Convolution(graph.Input(3, 5, 5), 3, 2)]), graph.Weights(18, 5)]),
                graph.Weights(5)])),
        ["channels last"] = () => Handmade(ChannelsLast),
        ["squeeze and excitation"] = () => Head(Excitation),
        ["gelu in parts"] = () => Head(Gelu),
        ["hard swish in parts"] = () => Head(HardSwish),
        ["swish in parts"] = () => Head(graph =>
        {
            var conv = graph.Convolution(graph.Input(3, 9, 8), 3, 4);
            return graph.Node("Mul", [graph.Node("Sigmoid", [conv]), conv]);
        }),
        ["old clip"] = () => Head(
            graph => graph.Node("Clip", [graph.Convolution(graph.Input(3, 9, 8), 3, 4)], Attributes.Number("min", -0.1f),
                Attributes.Number("max", 0.2f)), 10),
        ["old dropout, old pad"] = () => Head(
            graph => graph.Node("Dropout",
                [graph.Node("Pad", [graph.Convolution(graph.Input(3, 9, 8), 3, 4)], Attributes.Text("mode", "reflect"),
                    Attributes.Numbers("pads", 0, 0, 1, 2, 0, 0, 0, 1))]), 9),
        ["one slope"] = () => Head(graph => graph.Node("PRelu", [graph.Convolution(graph.Input(3, 9, 8), 3, 4), graph.Floats([0.3f], 1)])),
        ["softmax on a map"] = () => Handmade(graph => graph.Node(
            "Softmax", [graph.Node("GlobalAveragePool", [graph.Convolution(graph.Input(3, 9, 8), 3, 6)])], Attributes.Number("axis", 1L))),
        ["logarithmic softmax"] = () => Handmade(
            graph => graph.Node("LogSoftmax", [graph.Node("Flatten", [graph.Convolution(graph.Input(3, 4, 4), 3, 2)])],
                Attributes.Number("axis", 1L))),
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
    [InlineData("gelu in parts", ActivationKind.Gelu)]
    [InlineData("hard swish in parts", ActivationKind.HardSwish)]
    [InlineData("swish in parts", ActivationKind.Silu)]
    public void FunctionsInParts_BecomeOneLayer(string name, ActivationKind kind) =>
        Assert.Single(Translating.Translate(Files[name]()).Value.Network.Layers,
            layer => layer.Spec is ActivationLayer activation && activation.Activation == kind);

    [Fact]
    public void Names_OfNodesSurvive()
    {
        var graph = new Handmade();
        var translated = Translating.Translate(
            graph.Model(graph.Node("GlobalAveragePool", [graph.Convolution(graph.Input(3, 9, 8), 3, 4)]))).Value;

        Assert.Equal(["conv.0", "globalaveragepool.1"], translated.Network.Layers.Select(layer => layer.Name));
        Assert.Equal("/conv/0", translated.LayerNames["conv.0"]);
        Assert.False(translated.Network.HasClasses);
    }

    [Fact]
    public void UnknownOperator_IsNamed_AndTheFileIsServedAsItIs()
    {
        var graph = new Handmade();
        var sine = graph.Node("Sin", [graph.Convolution(graph.Input(3, 9, 8), 3, 4)]);
        var notes = new List<string>();
        var file = graph.Model(graph.Node("Softmax", [graph.Node("Flatten", [graph.Node("GlobalAveragePool", [sine])])]));

        var translated = Translating.Translate(Google.Protobuf.MessageExtensions.ToByteArray(file), null, notes).Value;

        Assert.False(translated.Network.HasLayers);
        Assert.Equal(("Sin", "/sin/1"), (translated.Unsupported.Single().Operation, translated.Unsupported.Single().Node));
        Assert.Equal(4, translated.Network.Classes);
        Assert.Contains("Sin", Assert.Single(notes), StringComparison.Ordinal);
    }

    private static ModelProto Handmade(Func<Handmade, string> build, int operatorSet = 17)
    {
        var graph = new Handmade(operatorSet);
        return graph.Model(build(graph));
    }

    /// <summary>A map of four channels, then a classifier of five classes.</summary>
    private static ModelProto Head(Func<Handmade, string> build, int operatorSet = 17) => Handmade(
        graph => graph.Node(
            "Softmax",
            [graph.Node("Gemm",
                [graph.Node("Flatten", [graph.Node("GlobalAveragePool", [build(graph)])]), graph.Weights(5, 4), graph.Weights(5)],
                Attributes.Number("transB", 1L), Attributes.Number("alpha", 0.5f))],
            Attributes.Number("axis", 1L)),
        operatorSet);

    /// <summary>A vector of six, then a dense layer of three.</summary>
    private static ModelProto Dense(Func<Handmade, string> build)
    {
        var graph = new Handmade(11);
        return graph.Model(graph.Node("Gemm", [build(graph), graph.Weights(6, 3), graph.Weights(3)]));
    }

    private static string View(Handmade graph)
    {
        var pooled = graph.Node("GlobalMaxPool", [graph.Convolution(graph.Input(3, 9, 8), 3, 6)]);
        var batch = graph.Node("Gather", [graph.Node("Shape", [pooled]), graph.Node("Constant", [], Number(0))],
            Attributes.Number("axis", 0L));
        var shape = graph.Node("Concat", [graph.Node("Unsqueeze", [batch], Attributes.Numbers("axes", 0)), graph.Integers(-1)],
            Attributes.Number("axis", 0L));
        return graph.Node("Reshape", [pooled, shape]);
    }

    private static AttributeProto Number(long value)
    {
        var tensor = new TensorProto { DataType = OnnxTypes.Int64 };
        tensor.Int64Data.Add(value);
        return new() { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor };
    }

    private static string ChannelsLast(Handmade graph)
    {
        var image = graph.Input(9, 8, 3);
        var conv = graph.Convolution(graph.Node("Transpose", [image], Attributes.Numbers("perm", 0, 3, 1, 2)), 3, 4);
        var last = graph.Node("Transpose", [graph.Node("Relu", [conv])], Attributes.Numbers("perm", 0, 2, 3, 1));
        var biased = graph.Node("Add", [graph.Node("Mul", [last, graph.Weights(4)]), graph.Weights(4)]);
        var flat = graph.Node("Reshape", [biased, graph.Integers(-1, 7 * 6 * 4)]);
        return graph.Node("Softmax", [graph.Node("Add", [graph.Node("MatMul", [flat, graph.Weights(7 * 6 * 4, 5)]), graph.Weights(5)])]);
    }

    private static string Excitation(Handmade graph)
    {
        var conv = graph.Convolution(graph.Input(3, 9, 8), 3, 4);
        var pooled = graph.Node("GlobalAveragePool", [conv]);
        var gate = graph.Node("HardSigmoid", [graph.Convolution(graph.Node("Relu", [graph.Convolution(pooled, 4, 2, 1)]), 2, 4, 1)],
            Attributes.Number("alpha", 1f / 6));
        return graph.Node("Mul", [gate, conv]);
    }

    private static string Gelu(Handmade graph)
    {
        var conv = graph.Convolution(graph.Input(3, 9, 8), 3, 4);
        var erf = graph.Node("Erf", [graph.Node("Div", [conv, graph.Number((float)Math.Sqrt(2))])]);
        return graph.Node("Mul", [graph.Node("Mul", [conv, graph.Node("Add", [erf, graph.Number(1)])]), graph.Number(0.5f)]);
    }

    private static string HardSwish(Handmade graph)
    {
        var conv = graph.Convolution(graph.Input(3, 9, 8), 3, 4);
        var clipped = graph.Node("Clip", [graph.Node("Add", [conv, graph.Number(3)]), graph.Number(0), graph.Number(6)]);
        return graph.Node("Mul", [conv, graph.Node("Div", [clipped, graph.Number(6)])]);
    }
}
