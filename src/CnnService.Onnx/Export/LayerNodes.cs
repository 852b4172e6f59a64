using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Onnx.Export;

/// <summary>
/// The ONNX nodes of each kind of layer. A layer's main node and its output value have the layer's name; the value before the activation
/// function is named <c>{layer}/preactivation</c>.
/// </summary>
internal sealed class LayerNodes(GraphBuilder graph, NamedWeights weights, bool halfWeights = false)
{
    /// <summary>End of the name of a layer's weights, or of a normalization's factors.</summary>
    public const string Weight = ".weight";

    /// <summary>End of the name of a layer's biases, or of a normalization's offsets.</summary>
    public const string Bias = ".bias";

    private const string Mean = ".running_mean";
    private const string Variance = ".running_var";

    /// <summary>The suffixes of the names of layers' tensors.</summary>
    public static IReadOnlyList<string> TensorSuffixes { get; } = [Weight, Bias, Mean, Variance];

    public static string PreactivationOf(string layer) => $"{layer}/preactivation";

    /// <summary>Adds a layer and returns the name of its output.</summary>
    /// <param name="activation">The activation function to apply; a linear one adds no node.</param>
    /// <param name="inputs">Names of the layer's input values.</param>
    /// <param name="output">Name of the output value.</param>
    public string Add(ResolvedLayer layer, ActivationFunction activation, IReadOnlyList<string> inputs, string output)
    {
        if (layer.Spec is ActivationLayer)
        {
            return ActivationNodes.Add(graph, activation, layer.Name, inputs[0], output);
        }

        var raw = activation.Kind == ActivationKind.Linear ? output : PreactivationOf(layer.Name);
        Core(layer, inputs, raw);
        return activation.Kind == ActivationKind.Linear
            ? output
            : ActivationNodes.Add(graph, activation, $"{layer.Name}/activation", raw, output);
    }

    private void Core(ResolvedLayer layer, IReadOnlyList<string> inputs, string output)
    {
        switch (layer.Spec)
        {
            case Conv2dLayer conv:
                Convolution(layer, conv, inputs[0], output);
                break;
            case PoolingLayer or GlobalPoolingLayer:
                new PoolingNodes(graph).Add(layer, inputs[0], output);
                break;
            case Padding2dLayer pad:
                Pad(layer.Name, layer.Name, pad.Padding, pad.PaddingMode, inputs[0], output);
                break;
            case LocalResponseNormalizationLayer norm:
                ResponseNormalization(layer, norm, inputs, output);
                break;
            case LayerNormalizationLayer norm:
                new NormalizationNodes(graph).Add(layer, norm, inputs[0], suffix => Parameter(layer.Name + suffix), output);
                break;
            case SelectChannelsLayer select:
                graph.Node("Gather", layer.Name, output,
                    [inputs[0], graph.Integers($"{layer.Name}/channels", [.. select.Channels.Select(channel => (long)channel)])],
                    Attributes.Number("axis", 1L));
                break;
            case PReluLayer:
                graph.Node("PRelu", layer.Name, output, [inputs[0], PReluSlopes(layer)]);
                break;
            case BatchNormalizationLayer norm:
                BatchNormalization(layer, norm, inputs[0], output);
                break;
            case DropoutLayer:
                graph.Node("Identity", layer.Name, output, inputs);
                break;
            case FlattenLayer:
                graph.Node("Flatten", layer.Name, output, inputs, Attributes.Number("axis", 1L));
                break;
            case DenseLayer dense:
                graph.Node("Gemm", layer.Name, output, [inputs[0], .. Parameters(layer.Name, dense.UseBias)],
                    Attributes.Number("transB", 1L));
                break;
            case AddLayer:
                graph.Node("Sum", layer.Name, output, ReshapeForBroadcast(layer, inputs));
                break;
            case MultiplyLayer:
                Product(layer, ReshapeForBroadcast(layer, inputs), output);
                break;
            case ConcatenateLayer:
                graph.Node("Concat", layer.Name, output, inputs, Attributes.Number("axis", 1L));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(layer), layer.Spec.GetType().Name, "has no ONNX form here");
        }
    }

    private void Convolution(ResolvedLayer layer, Conv2dLayer conv, string input, string output)
    {
        var padding = layer.Padding;
        if (conv.PaddingMode != PaddingMode.Zeros && !padding.IsZero)
        {
            input = Pad(layer.Name, $"{layer.Name}/pad", padding, conv.PaddingMode, input, $"{layer.Name}/padded");
            padding = Padding2.Valid;
        }

        graph.Node(
            "Conv",
            layer.Name,
            output,
            [input, .. Parameters(layer.Name, conv.UseBias)],
            Attributes.Pair("kernel_shape", conv.KernelSize),
            Attributes.Pair("strides", conv.Strides),
            Attributes.Pair("dilations", conv.Dilation),
            Attributes.Number("group", (long)conv.Groups),
            Attributes.Pads(padding));
    }

    private string Pad(string layer, string node, Padding2 padding, PaddingMode mode, string input, string output)
    {
        var pads = graph.Integers($"{layer}/pads", 0, 0, padding.Top, padding.Left, 0, 0, padding.Bottom, padding.Right);
        return graph.Node("Pad", node, output, [input, pads], Attributes.Text("mode", mode switch
        {
            PaddingMode.Edge => "edge",
            PaddingMode.Reflect => "reflect",
            _ => "constant",
        }));
    }

    private void ResponseNormalization(
        ResolvedLayer layer, LocalResponseNormalizationLayer norm, IReadOnlyList<string> inputs, string output) => graph.Node(
        "LRN",
        layer.Name,
        output,
        inputs,
        Attributes.Number("size", (long)norm.Size),
        Attributes.Number("alpha", (float)norm.Alpha),
        Attributes.Number("beta", (float)norm.Beta),
        Attributes.Number("bias", (float)norm.Bias));

    /// <summary>The slopes of PReLU as <c>[C,1,1]</c> for feature maps, <c>[C]</c> for vectors.</summary>
    private string PReluSlopes(ResolvedLayer layer)
    {
        long slopes = layer.OutputShape.Channels;
        return Parameter(layer.Name + Weight, layer.OutputShape.IsMap ? [slopes, 1, 1] : [slopes]);
    }

    /// <summary>Where the output is a feature map, vector inputs <c>[N,C]</c> are reshaped to <c>[N,C,1,1]</c> for broadcasting.</summary>
    private IReadOnlyList<string> ReshapeForBroadcast(ResolvedLayer layer, IReadOnlyList<string> inputs) =>
        [.. inputs.Select((input, i) => !NeedsReshape(layer, i) ? input : graph.Node(
        "Unsqueeze",
        $"{layer.Name}/spread_{i}",
        $"{layer.Name}/spread_{i}",
        [input, graph.Integers($"{layer.Name}/axes_{i}", 2, 3)]))];

    private static bool NeedsReshape(ResolvedLayer layer, int input) => layer.OutputShape.IsMap && !layer.InputShapes[input].IsMap;

    /// <summary>Mul takes exactly two inputs, so more become a chain.</summary>
    private void Product(ResolvedLayer layer, IReadOnlyList<string> inputs, string output)
    {
        var product = inputs[0];
        for (var i = 1; i < inputs.Count; i++)
        {
            product = i == inputs.Count - 1
                ? graph.Node("Mul", layer.Name, output, [product, inputs[i]])
                : graph.Node("Mul", $"{layer.Name}/product_{i}", $"{layer.Name}/product_{i}", [product, inputs[i]]);
        }
    }

    private void BatchNormalization(ResolvedLayer layer, BatchNormalizationLayer norm, string input, string output) => graph.Node(
        "BatchNormalization",
        layer.Name,
        output,
        [input, .. Parameters(layer.Name, true), Parameter(layer.Name + Mean), Parameter(layer.Name + Variance)],
        Attributes.Number("epsilon", (float)norm.Epsilon));

    private string[] Parameters(string layer, bool bias) =>
        bias ? [Parameter(layer + Weight), Parameter(layer + Bias)] : [Parameter(layer + Weight)];

    private string Parameter(string name) => Parameter(name, [.. weights[name].Shape.Select(size => (long)size)]);

    /// <summary>
    /// Float16 weights are cast to float32 by a node that runtimes evaluate only once, when they load the file (constant folding).
    /// </summary>
    private string Parameter(string name, long[] shape) => halfWeights
        ? graph.Node("Cast", $"{name}/widen", name, [graph.HalfWeights($"{name}/half", weights[name].Data, shape)],
            Attributes.Number("to", (long)Format.OnnxTypes.Float))
        : graph.Weights(name, weights[name].Data, shape);
}
