using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Export;

/// <summary>Truncates an exported network after one of its layers.</summary>
internal static class OnnxTruncation
{
    /// <summary>The network with the layer's activation as its only output. Problem: <c>model.corrupt</c>.</summary>
    public static Outcome<byte[]> TruncateAfter(byte[] file, ResolvedLayer layer) =>
        TruncateAfter(file, OnnxExporter.ValueOf(layer.Name), layer.OutputShape);

    /// <summary>
    /// The network with a given value of its graph as the only output; nodes and weights it does not need are removed. Problem:
    /// <c>model.corrupt</c>.
    /// </summary>
    public static Outcome<byte[]> TruncateAfter(byte[] file, string value, TensorShape shape)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file);
        }
        catch (InvalidProtocolBufferException failure)
        {
            return new Problem(ProblemKind.Unavailable, "model.corrupt", $"The file is no ONNX network: {failure.Message}");
        }

        Prune(model.Graph, [value]);
        model.Graph.Output.Clear();
        model.Graph.Output.Add(GraphBuilder.Value(value, shape));
        return model.ToByteArray();
    }

    /// <summary>Removes nodes and weights that the given values do not depend on. Nodes must be in topological order.</summary>
    public static void Prune(GraphProto graph, IEnumerable<string> values)
    {
        var needed = new HashSet<string>(values, StringComparer.Ordinal);
        var kept = new Stack<NodeProto>();
        foreach (var node in graph.Node.Reverse().Where(node => node.Output.Any(needed.Contains)))
        {
            needed.UnionWith(node.Input);
            kept.Push(node);
        }

        var weights = graph.Initializer.Where(tensor => needed.Contains(tensor.Name)).ToArray();
        graph.Node.Clear();
        graph.Node.AddRange(kept);
        graph.Initializer.Clear();
        graph.Initializer.AddRange(weights);
    }
}
