using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Recognizes functions that exporters write as several nodes because their operator set lacked them. The last node of the pattern becomes
/// the function; the others are left without users.
/// </summary>
internal static class FusedPatterns
{
    public static void Fuse(GraphProto proto)
    {
        var graph = new PatternGraph(proto);
        foreach (var node in proto.Node.ToArray())
        {
            switch (node.OpType)
            {
                case "Erf":
                    GeluPattern.Fuse(graph, node);
                    break;
                case "Clip":
                    HardSigmoid(graph, node);
                    break;
                case "Tanh":
                    Mish(graph, node);
                    GeluPattern.Fuse(graph, node);
                    break;
                case "Sqrt":
                    NormalizationPattern.Fuse(graph, node);
                    break;
            }
        }
    }

    /// <summary>x · tanh(softplus(x)).</summary>
    private static void Mish(PatternGraph graph, NodeProto tanh)
    {
        if (tanh.Input.Count == 1 && graph.Maker(tanh.Input[0], "Softplus") is { Input: [var x] }
            && graph.SingleUser(tanh, "Mul") is { } product && product.Input.FirstOrDefault(input => input != tanh.Output[0]) == x)
        {
            PatternGraph.Replace(product, "Mish", [x]);
        }
    }

    /// <summary>min(max(x + 3, 0), 6) / 6.</summary>
    private static void HardSigmoid(PatternGraph graph, NodeProto clip)
    {
        if (clip.Input.Count == 0 || graph.Maker(clip.Input[0], "Add") is not { } sum || !graph.HasNumber(sum, 3)
            || Bounds(graph, clip) is not (0f, 6f))
        {
            return;
        }

        var x = sum.Input.First(input => graph.Number(input) is null);
        if (graph.SingleUser(clip, "Div") is { } divided && divided.Input[0] == clip.Output[0] && graph.Number(divided.Input[1]) == 6)
        {
            PatternGraph.Replace(divided, "HardSigmoid", [x], Attributes.Number("alpha", 1f / 6), Attributes.Number("beta", 0.5f));
        }
        else if (graph.SingleUser(clip, "Mul") is { } scaled && graph.HasNumber(scaled, 1f / 6))
        {
            PatternGraph.Replace(scaled, "HardSigmoid", [x], Attributes.Number("alpha", 1f / 6), Attributes.Number("beta", 0.5f));
        }
    }

    private static (float? Low, float? High) Bounds(PatternGraph graph, NodeProto clip)
    {
        float? Of(string name, int input) => clip.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.F
            ?? (clip.Input.Count > input ? graph.Number(clip.Input[input]) : null);
        return (Of("min", 1), Of("max", 2));
    }
}
