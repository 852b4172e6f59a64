using CnnService.Core.Architecture;

namespace CnnService.Onnx.Export;

/// <summary>Activation functions in operator set 17.</summary>
internal static class ActivationNodes
{
    /// <summary>Adds the function's nodes after a value; the last one gives <paramref name="output"/>.</summary>
    public static string Add(GraphBuilder graph, ActivationKind kind, string name, string input, string output) => kind switch
    {
        ActivationKind.Relu => graph.Node("Relu", name, output, [input]),
        ActivationKind.LeakyRelu => graph.Node("LeakyRelu", name, output, [input], Attributes.Number("alpha", 0.1f)),
        ActivationKind.Sigmoid => graph.Node("Sigmoid", name, output, [input]),
        ActivationKind.Tanh => graph.Node("Tanh", name, output, [input]),
        ActivationKind.HardSwish => graph.Node("HardSwish", name, output, [input]),
        ActivationKind.Elu => graph.Node("Elu", name, output, [input], Attributes.Number("alpha", 1f)),
        ActivationKind.Relu6 => graph.Node(
            "Clip", name, output, [input, graph.Weights($"{name}/low", [0f]), graph.Weights($"{name}/high", [6f])]),
        ActivationKind.Silu => graph.Node("Mul", name, output, [input, graph.Node("Sigmoid", $"{name}/sigmoid", $"{name}/sigmoid", [input])]),
        ActivationKind.Gelu => Gelu(graph, name, input, output),
        ActivationKind.Softmax => graph.Node("Softmax", name, output, [input], Attributes.Number("axis", 1L)),
        ActivationKind.Linear => graph.Node("Identity", name, output, [input]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "has no ONNX form here"),
    };

    /// <summary>x/2 · (1 + erf(x/√2)): the operator Gelu came with a later operator set.</summary>
    private static string Gelu(GraphBuilder graph, string name, string input, string output)
    {
        var scaled = graph.Node("Mul", $"{name}/scale", $"{name}/scaled", [input, graph.Weights($"{name}/root", [(float)Math.Sqrt(0.5)])]);
        var erf = graph.Node("Erf", $"{name}/erf", $"{name}/erf", [scaled]);
        var share = graph.Node("Add", $"{name}/shift", $"{name}/share", [erf, graph.Weights($"{name}/one", [1f])]);
        var product = graph.Node("Mul", $"{name}/product", $"{name}/product", [input, share]);
        return graph.Node("Mul", name, output, [product, graph.Weights($"{name}/half", [0.5f])]);
    }
}
