using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// A network and its own derivative as one ONNX graph of ordinary operators, written by the rules of reverse-mode differentiation
/// (Linnainmaa, 1970; Rumelhart et al., 1986): any ONNX runtime explains with it, without a training library.
/// Inputs: the preprocessed pictures <c>input [N,C,H,W]</c> and <see cref="ClassWeights"/> <c>[N,K]</c>, one number a logit.
/// Differentiated is the sum over k of weight k times logit k. Operator set 17.
/// </summary>
public static class GradientGraph
{
    /// <summary>Input: what each logit counts for.</summary>
    public const string ClassWeights = "class/weights";

    /// <summary>Output: the layer's value, after its activation function.</summary>
    public const string TapValue = "tap/value";

    /// <summary>Output: the derivative by the layer's value.</summary>
    public const string TapGradient = "tap/gradient";

    /// <summary>Output: the derivative by the preprocessed pictures.</summary>
    public const string InputGradient = "input/gradient";

    /// <param name="network">Of layers, with classes.</param>
    /// <param name="weights">Its tensors.</param>
    /// <param name="tap">
    /// A layer: the graph gives <c>logits</c>, <see cref="TapValue"/> and <see cref="TapGradient"/>. Null: <c>logits</c> and
    /// <see cref="InputGradient"/>.
    /// </param>
    /// <exception cref="ArgumentException">The network has no classes or no such layer, or the layer does not lead to its output.</exception>
    public static byte[] Build(ResolvedNetwork network, NamedWeights weights, string? tap)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        if (!network.HasLayers || !network.HasClasses)
        {
            throw new ArgumentException("Only a network of layers with classes has a class gradient.", nameof(network));
        }

        var graph = Forward(network, weights);
        graph.Input(ClassWeights, network.Output.OutputShape);
        var backward = new BackwardPass(graph, network, weights);
        var gradient = backward.From(ClassWeights, tap)
            ?? throw new ArgumentException($"No path leads from '{tap}' to the network's output.", nameof(tap));
        string[] outputs = tap is null ? [OnnxExporter.Logits, InputGradient] : [OnnxExporter.Logits, TapValue, TapGradient];
        var shape = tap is null ? network.Spec.Input.Shape : network.Find(tap)!.OutputShape;
        graph.Node("Identity", outputs[^1], outputs[^1], [gradient]);
        graph.Output(OnnxExporter.Logits, network.Output.OutputShape);
        if (tap is not null)
        {
            graph.Node("Identity", TapValue, TapValue, [OnnxExporter.ValueOf(tap)]);
            graph.Output(TapValue, shape);
        }

        graph.Output(outputs[^1], shape);
        NetworkCut.Prune(graph.Graph, outputs);
        return Model(graph.Graph);
    }

    private static GraphBuilder Forward(ResolvedNetwork network, NamedWeights weights)
    {
        var graph = new GraphBuilder("gradient");
        graph.Input(NetworkSpec.InputName, network.Spec.Input.Shape);
        var nodes = new LayerNodes(graph, weights);
        foreach (var layer in network.Layers)
        {
            nodes.Add(layer, network.FunctionOf(layer), [.. layer.Inputs.Select(OnnxExporter.ValueOf)], OnnxExporter.ValueOf(layer.Name));
        }

        graph.Node("Identity", $"{network.Output.Name}/{OnnxExporter.Logits}", OnnxExporter.Logits, [OnnxExporter.ValueOf(network.Output.Name)]);
        return graph;
    }

    private static byte[] Model(GraphProto graph)
    {
        var model = new ModelProto { IrVersion = OnnxTypes.IrVersion, ProducerName = "CnnService", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = OnnxTypes.OperatorSet });
        return model.ToByteArray();
    }
}
