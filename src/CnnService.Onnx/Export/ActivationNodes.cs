using CnnService.Core.Architecture;

namespace CnnService.Onnx.Export;

/// <summary>Activation functions as nodes of operator set 17.</summary>
internal static class ActivationNodes
{
    /// <summary>Adds the nodes of a function applied to a value; the last one produces <paramref name="output"/>.</summary>
    public static string Add(GraphBuilder graph, ActivationFunction function, string name, string input, string output) =>
        function.Kind switch
        {
            ActivationKind.Relu => graph.Node("Relu", name, output, [input]),
            ActivationKind.LeakyRelu => graph.Node("LeakyRelu", name, output, [input], Attributes.Number("alpha", (float)function.Slope)),
            ActivationKind.Sigmoid => graph.Node("Sigmoid", name, output, [input]),
            ActivationKind.Tanh => graph.Node("Tanh", name, output, [input]),
            ActivationKind.HardSwish => graph.Node("HardSwish", name, output, [input]),
            ActivationKind.Elu => graph.Node("Elu", name, output, [input], Attributes.Number("alpha", (float)function.Slope)),
            ActivationKind.Selu => graph.Node(
                "Selu", name, output, [input], Attributes.Number("alpha", (float)ActivationFunction.SeluAlpha),
                Attributes.Number("gamma", (float)ActivationFunction.SeluScale)),
            ActivationKind.Mish => Mish(graph, name, input, output),
            ActivationKind.HardSigmoid => graph.Node(
                "HardSigmoid", name, output, [input], Attributes.Number("alpha", (float)function.Slope),
                Attributes.Number("beta", (float)function.Offset)),
            ActivationKind.Relu6 => graph.Node("Clip", name, output, [input, .. Bounds(graph, name, 0, 6)]),
            ActivationKind.Clip => graph.Node("Clip", name, output, [input, .. Bounds(graph, name, function.Minimum, function.Maximum)]),
            ActivationKind.Silu =>
                graph.Node("Mul", name, output, [input, graph.Node("Sigmoid", $"{name}/sigmoid", $"{name}/sigmoid", [input])]),
            ActivationKind.Gelu => Gelu(graph, name, input, output),
            ActivationKind.GeluTanh => GeluTanh(graph, name, input, output),
            ActivationKind.Softmax => graph.Node("Softmax", name, output, [input], Attributes.Number("axis", 1L)),
            ActivationKind.Linear => graph.Node("Identity", name, output, [input]),
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "has no ONNX form here"),
        };

    /// <summary>The optional inputs of Clip; an omitted input followed by another is given as an empty name.</summary>
    private static IEnumerable<string> Bounds(GraphBuilder graph, string name, double? low, double? high)
    {
        yield return low is { } lower ? graph.Weights($"{name}/low", [(float)lower]) : string.Empty;
        if (high is { } upper)
        {
            yield return graph.Weights($"{name}/high", [(float)upper]);
        }
    }

    /// <summary>x·tanh(softplus(x)): the Mish operator only exists from operator set 18 on.</summary>
    private static string Mish(GraphBuilder graph, string name, string input, string output)
    {
        var soft = graph.Node("Softplus", $"{name}/softplus", $"{name}/softplus", [input]);
        return graph.Node("Mul", name, output, [input, graph.Node("Tanh", $"{name}/tanh", $"{name}/tanh", [soft])]);
    }

    /// <summary>x/2 · (1 + erf(x/√2)): the Gelu operator only exists from operator set 20 on.</summary>
    private static string Gelu(GraphBuilder graph, string name, string input, string output)
    {
        var scaled = graph.Node("Mul", $"{name}/scale", $"{name}/scaled", [input, graph.Weights($"{name}/root", [(float)Math.Sqrt(0.5)])]);
        return HalfShare(graph, name, input, graph.Node("Erf", $"{name}/erf", $"{name}/erf", [scaled]), output);
    }

    /// <summary>x/2 · (1 + tanh(x·(√(2/π) + √(2/π)·0.044715·x²))).</summary>
    private static string GeluTanh(GraphBuilder graph, string name, string input, string output)
    {
        const double Scale = ActivationFunction.GeluScale;
        var cubic = graph.Weights($"{name}/cubic", [(float)(Scale * ActivationFunction.GeluCubic)]);
        var square = graph.Node("Mul", $"{name}/square", $"{name}/square", [input, input]);
        var scaled = graph.Node("Mul", $"{name}/scale", $"{name}/scaled", [square, cubic]);
        var factor = graph.Node("Add", $"{name}/factor", $"{name}/factor", [scaled, graph.Weights($"{name}/linear", [(float)Scale])]);
        var inner = graph.Node("Mul", $"{name}/inner", $"{name}/inner", [input, factor]);
        return HalfShare(graph, name, input, graph.Node("Tanh", $"{name}/tanh", $"{name}/tanh", [inner]), output);
    }

    /// <summary>x/2 · (1 + share).</summary>
    private static string HalfShare(GraphBuilder graph, string name, string input, string share, string output)
    {
        var shifted = graph.Node("Add", $"{name}/shift", $"{name}/share", [share, graph.Weights($"{name}/one", [1f])]);
        var product = graph.Node("Mul", $"{name}/product", $"{name}/product", [input, shifted]);
        return graph.Node("Mul", name, output, [product, graph.Weights($"{name}/half", [0.5f])]);
    }
}
