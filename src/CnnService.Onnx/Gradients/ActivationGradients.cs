using CnnService.Core.Architecture;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>Derivatives of the activation functions. At a bend they are PyTorch's where it matters: a rectifier's at 0 is 0.</summary>
internal static class ActivationGradients
{
    /// <summary>Adds the nodes from the derivative by a function's value to that by what it took.</summary>
    /// <param name="nodes">Of the layer.</param>
    /// <param name="function">With its numbers.</param>
    /// <param name="x">What it took.</param>
    /// <param name="y">What it gave.</param>
    /// <param name="gradient">By <paramref name="y"/>.</param>
    public static string Add(LayerGradientNodes nodes, ActivationFunction function, string x, string y, string gradient) => function.Kind switch
    {
        ActivationKind.Linear => gradient,
        ActivationKind.Softmax => Softmax(nodes, y, gradient),
        _ => nodes.Node("Mul", "activation", [gradient, Slope(nodes, function, x, y)]),
    };

    private static string Slope(LayerGradientNodes nodes, ActivationFunction function, string x, string y) => function.Kind switch
    {
        ActivationKind.Relu => AsNumber(nodes, Above(nodes, "above", x, 0)),
        ActivationKind.LeakyRelu => nodes.Node("Where", "slope", [Above(nodes, "above", x, 0), nodes.Number("one", 1), nodes.Number("leak", function.Slope)]),
        ActivationKind.Relu6 => Between(nodes, x, 0, 6),
        ActivationKind.Clip => Between(nodes, x, function.Minimum, function.Maximum),
        ActivationKind.Sigmoid => Logistic(nodes, y),
        ActivationKind.Tanh => nodes.Node("Sub", "slope", [nodes.Number("one", 1), nodes.Node("Mul", "square", [y, y])]),
        ActivationKind.Elu => nodes.Node(
            "Where", "slope", [Above(nodes, "above", x, 0), nodes.Number("one", 1), nodes.Node("Add", "curve", [y, nodes.Number("alpha", function.Slope)])]),
        ActivationKind.HardSigmoid => nodes.Node("Mul", "slope", [Between(nodes, y, 0, 1), nodes.Number("steepness", function.Slope)]),
        ActivationKind.HardSwish => HardSwish(nodes, x),
        ActivationKind.Silu => Silu(nodes, x),
        ActivationKind.Gelu => Gelu(nodes, x),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "has no derivative here"),
    };

    private static string Above(LayerGradientNodes nodes, string part, string value, double bound) =>
        nodes.Node("Greater", part, [value, nodes.Number($"{part}/bound", bound)]);

    private static string AsNumber(LayerGradientNodes nodes, string condition) =>
        nodes.Node("Cast", "mask", [condition], Attributes.Number("to", (long)Format.OnnxTypes.Float));

    /// <summary>1 between the bounds, else 0; a missing bound holds always.</summary>
    private static string Between(LayerGradientNodes nodes, string value, double? low, double? high)
    {
        var above = low is { } least ? Above(nodes, "above", value, least) : null;
        var below = high is { } most ? nodes.Node("Less", "below", [value, nodes.Number("below/bound", most)]) : null;
        return (above, below) switch
        {
            (null, null) => nodes.Number("one", 1),
            (null, { } only) => AsNumber(nodes, only),
            ({ } only, null) => AsNumber(nodes, only),
            _ => AsNumber(nodes, nodes.Node("And", "within", [above, below])),
        };
    }

    /// <summary>y(1-y).</summary>
    private static string Logistic(LayerGradientNodes nodes, string y) =>
        nodes.Node("Mul", "slope", [y, nodes.Node("Sub", "rest", [nodes.Number("one", 1), y])]);

    /// <summary>0 below -3, 1 above 3, x/3 + 1/2 between.</summary>
    private static string HardSwish(LayerGradientNodes nodes, string x)
    {
        var line = nodes.Node("Add", "line", [nodes.Node("Mul", "third", [x, nodes.Number("third/factor", 1.0 / 3)]), nodes.Number("half", 0.5)]);
        var high = nodes.Node("Where", "high", [Above(nodes, "above", x, 3), nodes.Number("one", 1), line]);
        return nodes.Node("Where", "slope", [Above(nodes, "inside", x, -3), high, nodes.Number("zero", 0)]);
    }

    /// <summary>s(1 + x(1-s)), s the logistic function of x.</summary>
    private static string Silu(LayerGradientNodes nodes, string x)
    {
        var one = nodes.Number("one", 1);
        var s = nodes.Node("Sigmoid", "sigmoid", [x]);
        var inner = nodes.Node("Mul", "product", [x, nodes.Node("Sub", "rest", [one, s])]);
        return nodes.Node("Mul", "slope", [s, nodes.Node("Add", "inner", [one, inner])]);
    }

    /// <summary>(1 + erf(x/√2))/2 + x·exp(-x²/2)/√(2π).</summary>
    private static string Gelu(LayerGradientNodes nodes, string x)
    {
        var erf = nodes.Node("Erf", "erf", [nodes.Node("Mul", "scaled", [x, nodes.Number("root", Math.Sqrt(0.5))])]);
        var share = nodes.Node("Mul", "share", [nodes.Node("Add", "shifted", [erf, nodes.Number("one", 1)]), nodes.Number("half", 0.5)]);
        var bell = nodes.Node("Exp", "bell", [nodes.Node("Mul", "exponent", [nodes.Node("Mul", "square", [x, x]), nodes.Number("minusHalf", -0.5)])]);
        var density = nodes.Node("Mul", "density", [bell, nodes.Number("density/factor", 1 / Math.Sqrt(2 * Math.PI))]);
        return nodes.Node("Add", "slope", [share, nodes.Node("Mul", "weighted", [x, density])]);
    }

    /// <summary>y(g - Σ g·y), over the channels.</summary>
    private static string Softmax(LayerGradientNodes nodes, string y, string gradient)
    {
        var product = nodes.Node("Mul", "product", [gradient, y]);
        var sum = nodes.Node("ReduceSum", "sum", [product, nodes.Integers("axes", 1)], Attributes.Number("keepdims", 1L));
        return nodes.Node("Mul", "activation", [y, nodes.Node("Sub", "difference", [gradient, sum])]);
    }
}
