using CnnService.Core.Architecture;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// The backward pass of activation functions. At kinks it uses the subgradient of the common autograd engines, such as zero for ReLU at 0.
/// </summary>
internal static class ActivationGradients
{
    /// <param name="formula">Receives the nodes.</param>
    /// <param name="step">The layer; its preactivation x and its output y are values of the graph.</param>
    /// <param name="gradient">Name of the gradient with respect to y.</param>
    /// <returns>Name of the gradient with respect to x.</returns>
    public static string Apply(GradientNodes formula, ForwardStep step, string gradient)
    {
        var (x, y, function) = (step.Preactivation, step.Output, step.Function);
        return function.Kind switch
        {
            ActivationKind.Linear => gradient,
            ActivationKind.Relu => formula.Where(Above(formula, x, 0), gradient, formula.Constant(0)),
            ActivationKind.LeakyRelu =>
                formula.Where(Above(formula, x, 0), gradient, formula.Multiply(gradient, formula.Constant(function.Slope))),
            ActivationKind.Sigmoid => formula.Multiply(gradient, formula.Multiply(y, OneMinus(formula, y))),
            ActivationKind.Tanh => formula.Multiply(gradient, OneMinus(formula, formula.Multiply(y, y))),
            ActivationKind.Elu => formula.Where(
                Above(formula, x, 0), gradient, formula.Multiply(gradient, formula.Add(y, formula.Constant(function.Slope)))),
            ActivationKind.Selu => Selu(formula, x, y, gradient),
            ActivationKind.Mish => Mish(formula, x, gradient),
            ActivationKind.HardSigmoid => Between(formula, y, 0, 1, formula.Multiply(gradient, formula.Constant(function.Slope))),
            ActivationKind.Relu6 => Between(formula, y, 0, 6, gradient),
            ActivationKind.Clip => Clip(formula, x, function, gradient),
            ActivationKind.Silu => Silu(formula, x, gradient),
            ActivationKind.HardSwish => HardSwish(formula, x, gradient),
            ActivationKind.Gelu => Gelu(formula, x, gradient),
            ActivationKind.GeluTanh => GeluTanh(formula, x, gradient),
            _ => throw new ArgumentOutOfRangeException(nameof(step), function, "has no gradient between layers"),
        };
    }

    private static string Above(GradientNodes formula, string value, double bound) =>
        formula.Node("Greater", [value, formula.Constant(bound)]);

    private static string Below(GradientNodes formula, string value, double bound) =>
        formula.Node("Less", [value, formula.Constant(bound)]);

    private static string OneMinus(GradientNodes formula, string value) => formula.Subtract(formula.Constant(1), value);

    /// <summary>The gradient where the value is strictly between the bounds, zero elsewhere.</summary>
    private static string Between(GradientNodes formula, string value, double low, double high, string gradient) => formula.Where(
        formula.Node("And", [Above(formula, value, low), Below(formula, value, high)]), gradient, formula.Constant(0));

    /// <summary>At the bounds themselves the gradient passes.</summary>
    private static string Clip(GradientNodes formula, string x, ActivationFunction function, string gradient)
    {
        if (function.Minimum is { } low)
        {
            gradient = formula.Where(Below(formula, x, low), formula.Constant(0), gradient);
        }

        return function.Maximum is { } high ? formula.Where(Above(formula, x, high), formula.Constant(0), gradient) : gradient;
    }

    /// <summary>The derivative is s·(1 + x·(1−s)), where s is the sigmoid of x.</summary>
    private static string Silu(GradientNodes formula, string x, string gradient)
    {
        var sigmoid = formula.Node("Sigmoid", [x]);
        var slope = formula.Multiply(sigmoid, formula.Add(formula.Constant(1), formula.Multiply(x, OneMinus(formula, sigmoid))));
        return formula.Multiply(gradient, slope);
    }

    /// <summary>The derivative is λ above zero, and y + λ·α below it, where y is the function's value.</summary>
    private static string Selu(GradientNodes formula, string x, string y, string gradient)
    {
        var below = formula.Add(y, formula.Constant(ActivationFunction.SeluScale * ActivationFunction.SeluAlpha));
        return formula.Multiply(gradient, formula.Where(Above(formula, x, 0), formula.Constant(ActivationFunction.SeluScale), below));
    }

    /// <summary>The derivative is t + x·s·(1−t²), where t is the tanh of softplus(x) and s the sigmoid of x.</summary>
    private static string Mish(GradientNodes formula, string x, string gradient)
    {
        var tanh = formula.Node("Tanh", [formula.Node("Softplus", [x])]);
        var sigmoid = formula.Node("Sigmoid", [x]);
        var slope = formula.Multiply(formula.Multiply(x, sigmoid), OneMinus(formula, formula.Multiply(tanh, tanh)));
        return formula.Multiply(gradient, formula.Add(tanh, slope));
    }

    /// <summary>The derivative is 0 below −3, 1 above 3 and x/3 + 1/2 in between.</summary>
    private static string HardSwish(GradientNodes formula, string x, string gradient)
    {
        var slope = formula.Add(formula.Multiply(x, formula.Constant(1.0 / 3)), formula.Constant(0.5));
        var lower = formula.Where(Above(formula, x, -3), formula.Multiply(gradient, slope), formula.Constant(0));
        return formula.Where(Below(formula, x, 3), lower, gradient);
    }

    /// <summary>
    /// The derivative is (1+t)/2 + x/2·(1−t²)·u', where t is the tanh of u = β·(x + κ·x³) and u' = β·(1 + 3κ·x²).
    /// </summary>
    private static string GeluTanh(GradientNodes formula, string x, string gradient)
    {
        const double Scale = ActivationFunction.GeluScale;
        var square = formula.Multiply(x, x);
        var factor = formula.Add(formula.Multiply(square, formula.Constant(Scale * ActivationFunction.GeluCubic)), formula.Constant(Scale));
        var tanh = formula.Node("Tanh", [formula.Multiply(x, factor)]);
        var steepness = formula.Add(
            formula.Multiply(square, formula.Constant(3 * Scale * ActivationFunction.GeluCubic)), formula.Constant(Scale));
        var bend = formula.Multiply(formula.Multiply(x, steepness), OneMinus(formula, formula.Multiply(tanh, tanh)));
        var slope = formula.Add(formula.Add(tanh, formula.Constant(1)), bend);
        return formula.Multiply(gradient, formula.Multiply(slope, formula.Constant(0.5)));
    }

    /// <summary>The derivative is Φ(x) + x·φ(x), with the standard normal distribution function and density.</summary>
    private static string Gelu(GradientNodes formula, string x, string gradient)
    {
        var erf = formula.Node("Erf", [formula.Multiply(x, formula.Constant(Math.Sqrt(0.5)))]);
        var share = formula.Multiply(formula.Add(erf, formula.Constant(1)), formula.Constant(0.5));
        var bell = formula.Node("Exp", [formula.Multiply(formula.Multiply(x, x), formula.Constant(-0.5))]);
        var density = formula.Multiply(bell, formula.Constant(1 / Math.Sqrt(2 * Math.PI)));
        return formula.Multiply(gradient, formula.Add(share, formula.Multiply(x, density)));
    }
}
