using CnnService.Core.Models;

namespace CnnService.Onnx.Export;

/// <summary>
/// The measure of familiarity as nodes: features scaled to unit length (of earlier versions: times the whitening), squared distance to each
/// reference as <c>|z|² - 2 z·r + |r|²</c>, the least of them, its root, and the logistic function.
/// </summary>
internal static class FamiliarityNodes
{
    private const string Scope = "familiarity";

    /// <param name="graph">The graph to add to.</param>
    /// <param name="head">The measure.</param>
    /// <param name="value">Name of the layer's value, <c>[N,...]</c>.</param>
    /// <param name="shape">Its shape: of more maps than one position each, the means are the features.</param>
    /// <param name="output">Name of the output, <c>[N,1]</c>.</param>
    public static void Add(GraphBuilder graph, FamiliarityHead head, string value, Core.Architecture.TensorShape shape, string output)
    {
        var (count, width) = (head.References.Shape[0], head.References.Shape[1]);
        string Node(string operation, string name, string[] inputs, params Format.AttributeProto[] attributes) =>
            graph.Node(operation, $"{Scope}/{name}", $"{Scope}/{name}/value", inputs, attributes);
        string Number(string name, double value) => graph.Weights($"{Scope}/{name}", [(float)value], 1);

        var isAveraged = shape.IsMap && width < shape.Elements;
        var flat = Node("Flatten", "flatten", [isAveraged ? Node("GlobalAveragePool", "means", [value]) : value]);
        string Unit() => Node("Div", "unit", [flat, Node("Max", "length", [
            Node("ReduceL2", "norm", [flat], Attributes.Numbers("axes", 1), Attributes.Number("keepdims", 1L)),
            Number("least_length", FamiliarityHead.MinLength)])]);
        var compared = head.Whitening is { } whitening
            ? Node("MatMul", "whiten", [flat, graph.Weights($"{Scope}/whitening", whitening.Data, width, width)])
            : Unit();
        var own = Node("ReduceSumSquare", "own", [compared], Attributes.Numbers("axes", 1), Attributes.Number("keepdims", 1L));
        var (turned, squares) = References(head);
        var cross = Node("MatMul", "cross", [compared, graph.Weights($"{Scope}/references", turned, width, count)]);
        var doubled = Node("Mul", "double", [cross, Number("two", -2)]);
        var sum = Node("Add", "shift", [doubled, graph.Weights($"{Scope}/squares", squares, count)]);
        var all = Node("Add", "distances", [sum, own]);
        var least = Node("ReduceMin", "least", [all], Attributes.Numbers("axes", 1), Attributes.Number("keepdims", 1L));
        var distance = Node("Sqrt", "root", [Node("Relu", "positive", [least])]);
        var beyond = Node("Sub", "beyond", [Number("middle", head.Middle), distance]);
        var scaled = Node("Div", "scaled", [beyond, Number("width", head.Width)]);
        graph.Node("Sigmoid", $"{Scope}/share", output, [scaled]);
        graph.Output(output, Core.Architecture.TensorShape.Vector(1));
    }

    /// <summary>The references as columns, and the square of each one's length.</summary>
    private static (float[] Turned, float[] Squares) References(FamiliarityHead head)
    {
        var (count, width) = (head.References.Shape[0], head.References.Shape[1]);
        var (turned, squares) = (new float[count * width], new float[count]);
        for (var i = 0; i < turned.Length; i++)
        {
            var value = head.References.Data[i];
            turned[(i % width * count) + (i / width)] = value;
            squares[i / width] += value * value;
        }

        return (turned, squares);
    }
}
