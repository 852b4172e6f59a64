using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Frees a batch that a file fixes: where a constant shape begins with the batch's size, the size of the value at hand is taken instead.
/// Whether the graph then does for each image what the file does is tried afterwards, not proven here.
/// </summary>
internal static class BatchFreeing
{
    private const int MaxRank = 16;

    /// <param name="graph">Nodes in topological order; modified.</param>
    /// <param name="input">Name of the image input.</param>
    /// <param name="batch">The number of images that the file fixes.</param>
    public static void Free(GraphProto graph, string input, int batch)
    {
        var tensors = graph.Initializer.GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Last(), StringComparer.Ordinal);
        foreach (var literal in graph.Node.Where(node => node is { OpType: "Constant", Output.Count: 1 }))
        {
            if (literal.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is { } tensor)
            {
                tensors[literal.Output[0]] = tensor;
            }
        }

        var fromImage = new HashSet<string>(StringComparer.Ordinal) { input };
        foreach (var node in graph.Node.Where(node => node.Input.Any(fromImage.Contains)))
        {
            fromImage.UnionWith(node.OpType is "Shape" or "Size" ? [] : node.Output.Where(output => output.Length > 0));
            if (node.OpType == "Reshape" && node.Input.Count == 2 && tensors.TryGetValue(node.Input[1], out var target)
                && TensorReading.ReadSmall(target, MaxRank) is { Integers: [var first, ..] sizes } && first == batch)
            {
                Free(graph, node, sizes);
            }
            else if (node.OpType == "Flatten" && batch == 1
                && node.Attribute.FirstOrDefault(attribute => attribute.Name == "axis") is { I: 0 } axis)
            {
                axis.I = 1;
            }
        }
    }

    private static void Free(GraphProto graph, NodeProto reshape, long[] sizes)
    {
        if (reshape.Attribute.FirstOrDefault(attribute => attribute.Name == "allowzero") is { } zero)
        {
            if (sizes.Contains(0))
            {
                return;
            }

            reshape.Attribute.Remove(zero);
        }

        var name = $"{ServedInput.Scope}/shape/{graph.Initializer.Count}";
        var builder = new GraphBuilder("shape");
        builder.Integers(name, [0, .. sizes.Skip(1)]); // 0: as many as the value has.
        graph.Initializer.Add(builder.Graph.Initializer[0]);
        reshape.Input[1] = name;
    }
}
