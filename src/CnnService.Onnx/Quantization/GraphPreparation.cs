using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using Google.Protobuf.Collections;

namespace CnnService.Onnx.Quantization;

/// <summary>
/// Brings an exported graph into the form that runtimes have 8-bit kernels for: sums of several values become additions of two, and nodes
/// that pass a value on disappear.
/// </summary>
internal static class GraphPreparation
{
    public static void Apply(GraphProto graph)
    {
        var outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        var nodes = new List<NodeProto>();
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = renamed.GetValueOrDefault(node.Input[i], node.Input[i]);
            }

            if (node.OpType == "Identity" && !outputs.Contains(node.Output[0]))
            {
                renamed[node.Output[0]] = node.Input[0];
            }
            else if (node.OpType == "Sum" && node.Input.Count > 1)
            {
                nodes.AddRange(Additions(node));
            }
            else
            {
                nodes.Add(node);
            }
        }

        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }

    private static RepeatedField<NodeProto> Additions(NodeProto sum)
    {
        var builder = new GraphBuilder(string.Empty);
        var total = sum.Input[0];
        for (var i = 1; i < sum.Input.Count; i++)
        {
            var isLast = i == sum.Input.Count - 1;
            var output = isLast ? sum.Output[0] : $"{sum.Output[0]}/sum_{i}";
            total = builder.Node("Add", isLast ? sum.Name : $"{sum.Name}/sum_{i}", output, [total, sum.Input[i]]);
        }

        return builder.Graph.Node;
    }
}
