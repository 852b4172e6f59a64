using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Onnx.Export;

/// <summary>
/// The ONNX nodes of each kind of layer. A layer's main node bears its name; its value after the activation function is
/// named like the layer, the value before it <c>{layer}/preactivation</c>.
/// </summary>
internal sealed class LayerNodes(GraphBuilder graph, NamedWeights weights)
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";
    private const string Mean = ".running_mean";
    private const string Variance = ".running_var";

    /// <summary>How the names of a layer's tensors end.</summary>
    public static IReadOnlyList<string> TensorSuffixes { get; } = [Weight, Bias, Mean, Variance];

    /// <summary>Adds a layer; answers the name of its output.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="activation">The function to apply; linear adds nothing.</param>
    /// <param name="inputs">The values it takes.</param>
    /// <param name="output">The name its output shall have.</param>
    public string Add(ResolvedLayer layer, ActivationKind activation, IReadOnlyList<string> inputs, string output)
    {
        if (layer.Spec is ActivationLayer)
        {
            return ActivationNodes.Add(graph, activation, layer.Name, inputs[0], output);
        }

        var raw = activation == ActivationKind.Linear ? output : $"{layer.Name}/preactivation";
        Core(layer, inputs, raw);
        return activation == ActivationKind.Linear ? output : ActivationNodes.Add(graph, activation, $"{layer.Name}/activation", raw, output);
    }

    private void Core(ResolvedLayer layer, IReadOnlyList<string> inputs, string output)
    {
        switch (layer.Spec)
        {
            case Conv2dLayer conv:
                Convolution(layer, conv, inputs[0], output);
                break;
            case MaxPooling2dLayer pool:
                Pool("MaxPool", layer, pool.PoolSize, pool.Strides ?? pool.PoolSize, inputs, output);
                break;
            case AveragePooling2dLayer pool:
                Pool("AveragePool", layer, pool.PoolSize, pool.Strides ?? pool.PoolSize, inputs, output);
                break;
            case GlobalAveragePooling2dLayer:
                var mean = graph.Node("GlobalAveragePool", layer.Name, $"{layer.Name}/mean", inputs);
                graph.Node("Flatten", $"{layer.Name}/flatten", output, [mean], Attributes.Number("axis", 1L));
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
                graph.Node("Gemm", layer.Name, output, [inputs[0], .. Parameters(layer.Name, dense.UseBias)], Attributes.Number("transB", 1L));
                break;
            case AddLayer:
                graph.Node("Sum", layer.Name, output, inputs);
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
        if (conv.PaddingMode == PaddingMode.Edge && !padding.IsZero)
        {
            var pads = graph.Integers($"{layer.Name}/pads", 0, 0, padding.Top, padding.Left, 0, 0, padding.Bottom, padding.Right);
            input = graph.Node("Pad", $"{layer.Name}/pad", $"{layer.Name}/padded", [input, pads], Attributes.Text("mode", "edge"));
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

    private void Pool(string operation, ResolvedLayer layer, Size2 size, Size2 strides, IReadOnlyList<string> inputs, string output) => graph.Node(
        operation,
        layer.Name,
        output,
        inputs,
        Attributes.Pair("kernel_shape", size),
        Attributes.Pair("strides", strides),
        Attributes.Pads(layer.Padding));

    private void BatchNormalization(ResolvedLayer layer, BatchNormalizationLayer norm, string input, string output) => graph.Node(
        "BatchNormalization",
        layer.Name,
        output,
        [input, .. Parameters(layer.Name, true), Parameter(layer.Name + Mean), Parameter(layer.Name + Variance)],
        Attributes.Number("epsilon", (float)norm.Epsilon));

    private string[] Parameters(string layer, bool bias) =>
        bias ? [Parameter(layer + Weight), Parameter(layer + Bias)] : [Parameter(layer + Weight)];

    private string Parameter(string name) => graph.Weights(name, weights[name]);
}
