using CnnService.Core.Models;

namespace CnnService.Onnx.Export;

/// <summary>
/// The measure of familiarity as nodes: features times the whitening, squared distance to each centre as
/// <c>|z|² - 2 z·c + |c|²</c>, the least of them, its root, and the logistic function.
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
        var (classes, width) = (head.Centres.Shape[0], head.Centres.Shape[1]);
        string Node(string operation, string name, string[] inputs, params Format.AttributeProto[] attributes) =>
            graph.Node(operation, $"{Scope}/{name}", $"{Scope}/{name}/value", inputs, attributes);
        string Number(string name, double value) => graph.Weights($"{Scope}/{name}", [(float)value], 1);

        var isAveraged = shape.IsMap && width < shape.Elements;
        var flat = Node("Flatten", "flatten", [isAveraged ? Node("GlobalAveragePool", "means", [value]) : value]);
        var white = Node("MatMul", "whiten", [flat, graph.Weights($"{Scope}/whitening", head.Whitening.Data, width, width)]);
        var own = Node("ReduceSumSquare", "own", [white], Attributes.Numbers("axes", 1), Attributes.Number("keepdims", 1L));
        var (turned, squares) = Centres(head);
        var cross = Node("MatMul", "cross", [white, graph.Weights($"{Scope}/centres", turned, width, classes)]);
        var doubled = Node("Mul", "double", [cross, Number("two", -2)]);
        var sum = Node("Add", "shift", [doubled, graph.Weights($"{Scope}/squares", squares, classes)]);
        var all = Node("Add", "distances", [sum, own]);
        var least = Node("ReduceMin", "least", [all], Attributes.Numbers("axes", 1), Attributes.Number("keepdims", 1L));
        var distance = Node("Sqrt", "root", [Node("Relu", "positive", [least])]);
        var beyond = Node("Sub", "beyond", [Number("middle", head.Middle), distance]);
        var scaled = Node("Div", "scaled", [beyond, Number("width", head.Width)]);
        graph.Node("Sigmoid", $"{Scope}/share", output, [scaled]);
        graph.Output(output, Core.Architecture.TensorShape.Vector(1));
    }

    /// <summary>The centres as columns, and the square of each one's length.</summary>
    private static (float[] Turned, float[] Squares) Centres(FamiliarityHead head)
    {
        var (classes, width) = (head.Centres.Shape[0], head.Centres.Shape[1]);
        var (turned, squares) = (new float[classes * width], new float[classes]);
        for (var i = 0; i < turned.Length; i++)
        {
            var value = head.Centres.Data[i];
            turned[(i % width * classes) + (i / width)] = value;
            squares[i / width] += value * value;
        }

        return (turned, squares);
    }
}
