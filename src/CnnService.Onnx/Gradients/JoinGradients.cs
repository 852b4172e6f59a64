using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>The backward pass of layers with several inputs.</summary>
internal static class JoinGradients
{
    /// <summary>With respect to one summand.</summary>
    public static string Add(GradientNodes formula, ForwardStep step, int input, string gradient) =>
        SumBroadcast(formula, step, input, gradient);

    /// <summary>With respect to one factor: times all the other factors.</summary>
    public static string Multiply(GradientNodes formula, ForwardStep step, int input, string gradient)
    {
        for (var i = 0; i < step.Inputs.Count; i++)
        {
            gradient = i == input ? gradient : formula.Multiply(gradient, ReshapeForBroadcast(formula, step, i));
        }

        return SumBroadcast(formula, step, input, gradient);
    }

    /// <summary>With respect to one concatenated input: the slice of its channels.</summary>
    public static string Concatenate(GradientNodes formula, ForwardStep step, int input, string gradient)
    {
        var shapes = step.Layer.InputShapes;
        var start = shapes.Take(input).Sum(shape => shape.Channels);
        return formula.Node(
            "Slice", [gradient, formula.Integers(start), formula.Integers(start + shapes[input].Channels), formula.Integers(1)]);
    }

    /// <summary>Where the output is a feature map, a vector input as <c>[N,C,1,1]</c>.</summary>
    private static string ReshapeForBroadcast(GradientNodes formula, ForwardStep step, int input)
    {
        var shape = step.Layer.InputShapes[input];
        return step.Layer.OutputShape.IsMap && !shape.IsMap
            ? formula.Reshape(step.Inputs[input], -1, shape.Channels, 1, 1)
            : step.Inputs[input];
    }

    /// <summary>Sums the gradient over the axes along which the input was broadcast.</summary>
    private static string SumBroadcast(GradientNodes formula, ForwardStep step, int input, string gradient)
    {
        var (whole, own) = (step.Layer.OutputShape, step.Layer.InputShapes[input]);
        if (whole == own)
        {
            return gradient;
        }

        var (height, width) = own.IsMap ? (own.Height, own.Width) : (1, 1);
        var axes = new List<long>();
        Repeated(1, own.Channels, whole.Channels);
        Repeated(2, height, whole.Height);
        Repeated(3, width, whole.Width);
        if (axes.Count > 0)
        {
            gradient = formula.Node("ReduceSum", [gradient, formula.Integers([.. axes])], Attributes.Number("keepdims", 1L));
        }

        return own.IsMap ? gradient : formula.Reshape(gradient, -1, own.Channels);

        void Repeated(int axis, int size, int shown)
        {
            if (size == 1 && shown > 1)
            {
                axes.Add(axis);
            }
        }
    }
}
