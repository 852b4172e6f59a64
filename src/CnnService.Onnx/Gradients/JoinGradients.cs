using CnnService.Onnx.Export;

namespace CnnService.Onnx.Gradients;

/// <summary>The backward pass of layers with several inputs.</summary>
internal static class JoinGradients
{
    /// <summary>With respect to one summand.</summary>
    public static string Add(Formula formula, ForwardStep step, int input, string gradient) => Fit(formula, step, input, gradient);

    /// <summary>With respect to one factor: times all the other factors.</summary>
    public static string Multiply(Formula formula, ForwardStep step, int input, string gradient)
    {
        for (var i = 0; i < step.Inputs.Count; i++)
        {
            gradient = i == input ? gradient : formula.Multiply(gradient, Spread(formula, step, i));
        }

        return Fit(formula, step, input, gradient);
    }

    /// <summary>With respect to one concatenated input: the slice of its channels.</summary>
    public static string Concatenate(Formula formula, ForwardStep step, int input, string gradient)
    {
        var shapes = step.Layer.InputShapes;
        var start = shapes.Take(input).Sum(shape => shape.Channels);
        return formula.Node(
            "Slice", [gradient, formula.Integers(start), formula.Integers(start + shapes[input].Channels), formula.Integers(1)]);
    }

    /// <summary>Where the output is a feature map, a vector input as <c>[N,C,1,1]</c>.</summary>
    private static string Spread(Formula formula, ForwardStep step, int input)
    {
        var shape = step.Layer.InputShapes[input];
        return step.Layer.OutputShape.IsMap && !shape.IsMap
            ? formula.Reshape(step.Inputs[input], -1, shape.Channels, 1, 1)
            : step.Inputs[input];
    }

    /// <summary>Sums the gradient over the axes along which the input was broadcast.</summary>
    private static string Fit(Formula formula, ForwardStep step, int input, string gradient)
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
