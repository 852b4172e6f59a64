using CnnService.Core.Architecture;
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

    /// <summary>
    /// With respect to the channels that are selected: each gets the sum of the gradients of its copies, and the others zero, which
    /// stands behind the last channel.
    /// </summary>
    public static string Select(GradientNodes formula, ForwardStep step, SelectChannelsLayer select, string gradient)
    {
        var (input, map) = (step.Layer.InputShapes[0], step.Layer.OutputShape.IsMap);
        var pads = map ? formula.Integers(0, 0, 0, 0, 0, 1, 0, 0) : formula.Integers(0, 0, 0, 1);
        var padded = formula.Node("Pad", [gradient, pads], Attributes.Text("mode", "constant"));
        var copies = select.Channels.Index().ToLookup(copy => copy.Item, copy => (long)copy.Index);
        string? sum = null;
        for (var turn = 0; turn < copies.Max(places => places.Count()); turn++)
        {
            long[] places = [.. Enumerable.Range(0, input.Channels).Select(
                channel => copies[channel].Skip(turn).FirstOrDefault(select.Channels.Count))];
            var part = formula.Node("Gather", [padded, formula.Integers(places)], Attributes.Number("axis", 1L));
            sum = sum is null ? part : formula.Add(sum, part);
        }

        return sum!;
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
