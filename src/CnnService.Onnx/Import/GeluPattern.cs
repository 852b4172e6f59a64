using CnnService.Core.Architecture;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// GELU written in parts: x/2 · (1 + erf(x/√2)), or x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³))), in whatever order its sums and products
/// stand.
/// </summary>
internal static class GeluPattern
{
    /// <summary>Nodes on the way from x to the erf or tanh, and from there to the end, at most.</summary>
    private const int Steps = 6;

    /// <summary>Values that are tried as x, and nodes that are tried as the end.</summary>
    private const int Tries = 24;

    private static readonly Polynomial Erf = Polynomial.Term(1, 0, Math.Sqrt(0.5));

    private static readonly Polynomial Tanh = Polynomial.Term(1, 0, ActivationFunction.GeluScale)
        .Add(Polynomial.Term(3, 0, ActivationFunction.GeluScale * ActivationFunction.GeluCubic));

    /// <summary>Half of x, and half of x times the erf or tanh.</summary>
    private static readonly Polynomial Whole = Polynomial.Term(1, 0, 0.5).Add(Polynomial.Term(1, 1, 0.5));

    /// <param name="graph">The graph.</param>
    /// <param name="bend">An Erf or Tanh; the last node of the pattern around it is replaced.</param>
    public static void Fuse(PatternGraph graph, NodeProto bend)
    {
        if (bend.Input.Count != 1)
        {
            return;
        }

        var isErf = bend.OpType == "Erf";
        var x = Before(graph, bend.Input[0]).FirstOrDefault(
            value => Polynomial.Of(graph, bend.Input[0], value, null, Steps)?.IsNear(isErf ? Erf : Tanh) == true);
        if (x is not null && Behind(graph, bend).FirstOrDefault(
            node => Polynomial.Of(graph, node.Output[0], x, bend.Output[0], Steps)?.IsNear(Whole) == true) is { } end)
        {
            PatternGraph.Replace(end, "Gelu", [x], Attributes.Text("approximate", isErf ? "none" : "tanh"));
        }
    }

    /// <summary>The values that a value is computed from, the nearest first.</summary>
    private static List<string> Before(PatternGraph graph, string value)
    {
        List<string> found = [value];
        for (var next = 0; next < found.Count && found.Count < Tries; next++)
        {
            if (graph.Maker(found[next]) is { OpType: "Add" or "Sum" or "Sub" or "Mul" or "Div" or "Pow" } node)
            {
                found.AddRange(node.Input.Where(input => !graph.IsConstant(input) && !found.Contains(input)).Distinct().Take(2));
            }
        }

        return found;
    }

    /// <summary>The nodes that are computed from a node, the nearest first.</summary>
    private static List<NodeProto> Behind(PatternGraph graph, NodeProto node)
    {
        List<NodeProto> found = [node];
        for (var next = 0; next < found.Count && found.Count < Tries; next++)
        {
            found.AddRange(graph.Users(found[next].Output[0]).Take(Tries)
                .Where(user => user is { OpType: "Add" or "Sum" or "Sub" or "Mul" or "Div", Output.Count: 1 } && !found.Contains(user))
                .Take(4));
        }

        return found;
    }
}
