using CnnService.Core.Architecture;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Normalizations by the image's own statistics and the functions between them, as ConvNeXt and its kin have them.</summary>
public sealed class NormalizationIdiomsTests
{
    private const double Tolerance = 1e-4;

    private static readonly int[] ToLast = [0, 2, 3, 1];
    private static readonly int[] ToFirst = [0, 3, 1, 2];

    private static readonly Dictionary<string, Func<ModelProto>> Files = new()
    {
        ["a block of ConvNeXt"] = () => Block(17, Normal, Erf),
        ["a block of ConvNeXt, in parts"] = () => Block(14, NormalInParts, Erf),
        ["a block of ConvNeXt, by reciprocals"] = () => Block(14, NormalByReciprocal, TanhOfKeras),
        ["a block of ConvNeXt, TensorFlow's"] = () => Block(13, NormalOfTensorFlow, TanhOfKeras, asRows: true),
        ["a block of ConvNeXt, whole operators"] = () => Block(20, Normal, graph => value => graph.Node("Gelu", [value])),
        ["gelu by tanh, an operator"] = () => Block(20, Normal,
            graph => value => graph.Node("Gelu", [value], Attributes.Text("approximate", "tanh"))),
        ["gelu by tanh, PyTorch's"] = () => Pooled(14, TanhOfPyTorch),
        ["gelu by tanh, the quick one"] = () => Pooled(14, TanhFast),
        ["gelu by tanh, a power"] = () => Pooled(14, TanhOfKeras),
        ["gelu, halved first"] = () => Pooled(14, HalvedFirst),
        ["channels first, in parts"] = () => Pooled(14, graph => value => ChannelsFirst(graph, value)),
        ["a normalized vector"] = () => Classifier(17, 6, graph => graph.Node("LayerNormalization",
            [graph.Node("Flatten", [graph.Node("GlobalAveragePool", [graph.Convolution(graph.Input(3, 9, 8), 3, 6)])]), graph.Weights(6),
                graph.Weights(6)])),
        ["a normalized mean, its channels last"] = () => Classifier(17, 6, graph => graph.Node("Flatten",
            [Turn(graph, Normal(graph)(Turn(graph, graph.Node("GlobalAveragePool",
                [graph.Convolution(graph.Input(3, 9, 8), 3, 6)]), ToLast), 6), ToFirst)])),
        ["the whole map"] = () => Pooled(17, graph => value => graph.Node("LayerNormalization",
            [value, graph.Weights(4, 7, 6), graph.Weights(4, 7, 6)], Attributes.Number("axis", 1L))),
        ["the whole map, one number a channel"] = () => Pooled(17, graph => value => graph.Node("LayerNormalization",
            [value, graph.Floats([.. Enumerable.Range(0, 168).Select(i => 1f + (i / 42))], 4, 7, 6)], Attributes.Number("axis", -3L))),
        ["the whole map, channels last"] = () => Pooled(17, graph => value => Turn(graph, graph.Node("LayerNormalization",
            [Turn(graph, value, ToLast), graph.Weights(7, 6, 4), graph.Weights(7, 6, 4)], Attributes.Number("axis", 1L)), ToFirst)),
        ["the whole map, in parts"] = () => Pooled(14, graph => value => Affine(graph,
            InParts(graph, value, -3, -2, -1), [4, 7, 6])),
        ["groups of channels"] = () => Pooled(14, Groups),
        ["groups of channels, an operator"] = () => Pooled(21, graph => value => graph.Node("GroupNormalization",
            [value, graph.Weights(4), graph.Weights(4)], Attributes.Number("num_groups", 2L))),
        ["groups of channels, one number a group"] = () => Pooled(18, graph => value => graph.Node("GroupNormalization",
            [value, graph.Weights(2), graph.Weights(2)], Attributes.Number("num_groups", 2L))),
        ["each channel by itself"] = () => Pooled(17, graph => value => graph.Node("InstanceNormalization",
            [value, graph.Weights(4), graph.Weights(4)])),
        ["a normalization used twice"] = () => Pooled(17, graph => value =>
        {
            var normal = Turn(graph, Normal(graph)(Turn(graph, value, ToLast), 4), ToFirst);
            return graph.Node("Add", [graph.Node("Mul", [normal, graph.Weights(4, 1, 1)]), normal]);
        }),
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
    [InlineData("a block of ConvNeXt", ActivationKind.Gelu)]
    [InlineData("a block of ConvNeXt, in parts", ActivationKind.Gelu)]
    [InlineData("a block of ConvNeXt, by reciprocals", ActivationKind.GeluTanh)]
    [InlineData("a block of ConvNeXt, TensorFlow's", ActivationKind.GeluTanh)]
    [InlineData("gelu by tanh, an operator", ActivationKind.GeluTanh)]
    public void Block_IsOneNormalization_AndConvolutionsOfOneCell(string name, ActivationKind activation)
    {
        var layers = Translating.Translate(Files[name]()).Value.Network.Layers;

        var norm = Assert.IsType<LayerNormalizationLayer>(Assert.Single(layers, layer => layer.Spec is LayerNormalizationLayer).Spec);
        Assert.Null(norm.Groups);
        Assert.Equal(1e-6, norm.Epsilon);
        Assert.Equal(activation, Assert.Single(layers.Select(layer => layer.Spec).OfType<ActivationLayer>()).Activation);
        Assert.Equal([16, 8], layers.Select(layer => layer.Spec).OfType<Conv2dLayer>()
            .Where(conv => conv is { KernelSize: { Height: 1, Width: 1 }, Groups: 1 }).Select(conv => conv.Filters));
    }

    [Theory]
    [InlineData("the whole map", 1, true)]
    [InlineData("the whole map, one number a channel", 1, false)]
    [InlineData("the whole map, channels last", 1, true)]
    [InlineData("the whole map, in parts", 1, true)]
    [InlineData("groups of channels", 2, false)]
    [InlineData("groups of channels, an operator", 2, false)]
    [InlineData("groups of channels, one number a group", 2, false)]
    [InlineData("each channel by itself", 4, false)]
    public void Normalization_IsOneLayer_WithItsParameters(string name, int groups, bool elementwise)
    {
        var layers = Translating.Translate(Files[name]()).Value.Network.Layers;

        var norm = Assert.Single(layers.Select(layer => layer.Spec).OfType<LayerNormalizationLayer>());
        Assert.Equal((groups, elementwise), (norm.Groups, norm.Elementwise));
        Assert.Single(layers, layer => layer.Spec is Conv2dLayer);
    }

    /// <summary>The mean over height alone is no normalization that a layer stands for: the file is served as it is, and says so.</summary>
    [Fact]
    public void Normalization_OverHeightAlone_IsServedAsItIs()
    {
        var translated = Translating.Translate(Pooled(14, graph => value => InParts(graph, value, 2))).Value;

        Assert.False(translated.Network.HasLayers);
        Assert.Contains("must normalize the channels at each place", translated.Unsupported[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>Stem, depthwise convolution, normalization, two products with the channels last, factors, sum.</summary>
    private static ModelProto Block(
        int operatorSet, Func<Handmade, Func<string, int, string>> normalize, Func<Handmade, Func<string, string>> function,
        bool asRows = false) => Classifier(operatorSet, 8, graph =>
    {
        var stem = graph.Convolution(graph.Input(3, 12, 16), 3, 8, 4, Attributes.Numbers("strides", 4, 4));
        var deep = graph.Node("Conv", [stem, graph.Weights(8, 1, 3, 3), graph.Weights(8)], Attributes.Numbers("pads", 1, 1, 1, 1),
            Attributes.Number("group", 8L));
        var wide = Product(graph, normalize(graph)(Turn(graph, deep, ToLast), 8), 8, 16, asRows);
        var narrow = Product(graph, function(graph)(wide), 16, 8, asRows);
        var scaled = graph.Node("Mul", [graph.Weights(8, 1, 1), Turn(graph, narrow, ToFirst)]);
        return graph.Node("Flatten", [graph.Node("GlobalAveragePool", [graph.Node("Add", [scaled, stem])])]);
    });

    private static string Product(Handmade graph, string value, int inputs, int units, bool asRows)
    {
        if (!asRows)
        {
            return graph.Node("Add", [graph.Weights(units), graph.Node("MatMul", [value, graph.Weights(inputs, units)])]);
        }

        var rows = graph.Node("Reshape", [value, graph.Integers(-1, inputs)]);
        var product = graph.Node("MatMul", [rows, graph.Weights(inputs, units)]);
        return graph.Node("Add", [graph.Node("Reshape", [product, graph.Integers(-1, 3, 4, units)]), graph.Weights(units)]);
    }

    private static Func<string, int, string> Normal(Handmade graph) => (value, channels) => graph.Node("LayerNormalization",
        [value, graph.Weights(channels), graph.Weights(channels)], Attributes.Number("axis", -1L), Attributes.Number("epsilon", 1e-6f));

    private static Func<string, int, string> NormalInParts(Handmade graph) => (value, channels) =>
        Affine(graph, InParts(graph, value, -1), [channels]);

    private static Func<string, int, string> NormalByReciprocal(Handmade graph) => (value, channels) =>
    {
        var (centred, variance) = Moments(graph, value, -1);
        var inverse = graph.Node("Reciprocal", [graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Number(1e-6f)])])]);
        return Affine(graph, graph.Node("Mul", [centred, inverse]), [channels]);
    };

    /// <summary>x·k + (β − mean·k), with k = γ/√(variance + ε).</summary>
    private static Func<string, int, string> NormalOfTensorFlow(Handmade graph) => (value, channels) =>
    {
        var axes = Attributes.Numbers("axes", 3);
        var mean = graph.Node("ReduceMean", [value], axes);
        var centred = graph.Node("Sub", [value, mean]);
        var variance = graph.Node("ReduceMean", [graph.Node("Mul", [centred, centred])], axes);
        var inverse = graph.Node("Reciprocal", [graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Number(1e-6f)])])]);
        var factor = graph.Node("Mul", [inverse, graph.Weights(channels)]);
        var shift = graph.Node("Sub", [graph.Weights(channels), graph.Node("Mul", [mean, factor])]);
        return graph.Node("Add", [graph.Node("Mul", [value, factor]), shift]);
    };

    private static string InParts(Handmade graph, string value, params int[] axes)
    {
        var (centred, variance) = Moments(graph, value, axes);
        return graph.Node("Div", [centred, graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Number(1e-6f)])])]);
    }

    private static (string Centred, string Variance) Moments(Handmade graph, string value, params int[] axes)
    {
        var attribute = Attributes.Numbers("axes", axes);
        var centred = graph.Node("Sub", [value, graph.Node("ReduceMean", [value], attribute)]);
        return (centred, graph.Node("ReduceMean", [graph.Node("Pow", [centred, graph.Number(2)])], attribute));
    }

    private static string Affine(Handmade graph, string value, long[] shape) =>
        graph.Node("Add", [graph.Node("Mul", [value, graph.Weights(shape)]), graph.Weights(shape)]);

    /// <summary>x is less its mean twice, and the factors stand as [C,1,1] before it.</summary>
    private static string ChannelsFirst(Handmade graph, string value)
    {
        var axes = Attributes.Numbers("axes", 1);
        var mean = graph.Node("ReduceMean", [value], axes);
        var squares = graph.Node("Pow", [graph.Node("Sub", [value, mean]), graph.Number(2)]);
        var deviation = graph.Node("Sqrt", [graph.Node("Add", [graph.Node("ReduceMean", [squares], axes), graph.Number(1e-6f)])]);
        var normal = graph.Node("Div", [graph.Node("Sub", [value, mean]), deviation]);
        return graph.Node("Add", [graph.Node("Mul", [graph.Weights(4, 1, 1), normal]), graph.Weights(4, 1, 1)]);
    }

    private static Func<string, string> Groups(Handmade graph) => value =>
    {
        var split = graph.Node("Reshape", [value, graph.Integers(0, 2, -1)]);
        var normal = graph.Node("InstanceNormalization", [split, graph.Floats([1, 1], 2), graph.Floats([0, 0], 2)]);
        return Affine(graph, graph.Node("Reshape", [normal, graph.Node("Shape", [value])]), [4, 1, 1]);
    };

    private static Func<string, string> Erf(Handmade graph) => value =>
    {
        var erf = graph.Node("Erf", [graph.Node("Div", [value, graph.Number((float)Math.Sqrt(2))])]);
        return graph.Node("Mul", [graph.Node("Mul", [value, graph.Node("Add", [erf, graph.Number(1)])]), graph.Number(0.5f)]);
    };

    private static Func<string, string> HalvedFirst(Handmade graph) => value =>
    {
        var half = graph.Node("Mul", [graph.Number(0.5f), value]);
        var erf = graph.Node("Erf", [graph.Node("Mul", [value, graph.Number(0.70710677f)])]);
        return graph.Node("Add", [half, graph.Node("Mul", [erf, half])]);
    };

    /// <summary>x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))).</summary>
    private static Func<string, string> TanhOfKeras(Handmade graph) => value =>
    {
        var cube = graph.Node("Mul", [graph.Number(0.044715f), graph.Node("Pow", [value, graph.Number(3)])]);
        var tanh = graph.Node("Tanh", [graph.Node("Mul", [graph.Number(0.7978846f), graph.Node("Add", [value, cube])])]);
        return graph.Node("Mul", [graph.Node("Mul", [graph.Number(0.5f), value]), graph.Node("Add", [graph.Number(1), tanh])]);
    };

    private static Func<string, string> TanhOfPyTorch(Handmade graph) => value =>
    {
        var cube = graph.Node("Mul", [value, graph.Node("Mul", [value, value])]);
        var sum = graph.Node("Add", [value, graph.Node("Mul", [graph.Number(0.044715f), cube])]);
        var share = graph.Node("Add", [graph.Number(1), graph.Node("Tanh", [graph.Node("Mul", [graph.Number(0.7978846f), sum])])]);
        return graph.Node("Mul", [graph.Number(0.5f), graph.Node("Mul", [value, share])]);
    };

    /// <summary>x/2 · (1 + tanh(x · 0.79788 · (1 + 0.044715·x·x))).</summary>
    private static Func<string, string> TanhFast(Handmade graph) => value =>
    {
        var square = graph.Node("Mul", [graph.Node("Mul", [value, graph.Number(0.044715f)]), value]);
        var inner = graph.Node("Mul",
            [graph.Node("Mul", [value, graph.Number(0.7978846f)]), graph.Node("Add", [square, graph.Number(1)])]);
        var share = graph.Node("Add", [graph.Node("Tanh", [inner]), graph.Number(1)]);
        return graph.Node("Mul", [graph.Node("Mul", [value, graph.Number(0.5f)]), share]);
    };

    private static string Turn(Handmade graph, string value, int[] order) =>
        graph.Node("Transpose", [value], Attributes.Numbers("perm", order));

    private static ModelProto Pooled(int operatorSet, Func<Handmade, Func<string, string>> after) => Classifier(operatorSet, 4, graph =>
        graph.Node("Flatten", [graph.Node("GlobalAveragePool", [graph.Node("Relu",
            [after(graph)(graph.Convolution(graph.Input(3, 9, 8), 3, 4))])])]));

    private static ModelProto Classifier(int operatorSet, int length, Func<Handmade, string> vector)
    {
        var graph = new Handmade(operatorSet);
        var flat = vector(graph);
        return graph.Model(graph.Node("Gemm", [flat, graph.Weights(5, length), graph.Weights(5)], Attributes.Number("transB", 1L)));
    }
}
