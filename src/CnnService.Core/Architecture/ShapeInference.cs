namespace CnnService.Core.Architecture;

/// <summary>The shape a layer gives, for one sample. Counted in 64 bits and refused above <see cref="NetworkLimits"/>.</summary>
internal static class ShapeInference
{
    /// <summary>The output's shape, or null and the broken rules.</summary>
    /// <param name="layer">Its own fields have passed <see cref="LayerRules"/>; units are counted.</param>
    /// <param name="inputs">At least one.</param>
    /// <param name="errors">Gets the broken rules.</param>
    public static TensorShape? Infer(LayerSpec layer, IReadOnlyList<TensorShape> inputs, LayerErrors errors) => layer switch
    {
        Conv2dLayer conv => Convolution(conv, inputs[0], errors),
        MaxPooling2dLayer or AveragePooling2dLayer => Slide(layer, inputs[0], inputs[0].Channels, "poolSize", errors),
        GlobalAveragePooling2dLayer => IsMap(layer, inputs[0], errors) ? TensorShape.Vector(inputs[0].Channels) : null,
        FlattenLayer => TensorShape.Vector((int)inputs[0].Elements),
        DenseLayer dense => Dense(dense, inputs[0], errors),
        AddLayer => Sum(inputs, errors),
        ConcatenateLayer => Concatenation(inputs, errors),
        _ => inputs[0],
    };

    private static TensorShape? Convolution(Conv2dLayer conv, TensorShape input, LayerErrors errors) =>
        IsMap(conv, input, errors)
        && errors.Require(
            input.Channels % conv.Groups == 0,
            "groups",
            $"must divide the input's channels ({input.Channels}), received {conv.Groups}")
            ? Slide(conv, input, conv.Filters, "kernelSize", errors)
            : null;

    private static TensorShape? Slide(LayerSpec layer, TensorShape input, int channels, string field, LayerErrors errors)
    {
        if (!IsMap(layer, input, errors))
        {
            return null;
        }

        var map = new Size2(input.Height, input.Width);
        var window = Window.Of(layer)!.Value.Over(map);
        var padded = window.Padded(map);
        var places = window.Places(padded);
        return errors.Require(
                places is { Height: >= 1, Width: >= 1 },
                field,
                $"must fit into its input of {padded.Height} by {padded.Width} cells (padding included), "
                + $"received a window of {window.Span.Height} by {window.Span.Width}")
            & Fits(input.Channels, padded, errors) && Fits(channels, places, errors)
                ? TensorShape.Map(channels, places.Height, places.Width)
                : null;
    }

    private static TensorShape? Dense(DenseLayer dense, TensorShape input, LayerErrors errors) => errors.Require(
        !input.IsMap, "", $"takes a vector, received a map {input}: put a flatten or globalAveragePooling2d layer before it")
            ? TensorShape.Vector(dense.Units.Count)
            : null;

    private static TensorShape? Sum(IReadOnlyList<TensorShape> inputs, LayerErrors errors) => errors.Require(
        inputs.All(shape => shape == inputs[0]), "inputs", $"must have one shape, received {string.Join(", ", inputs)}")
            ? inputs[0]
            : null;

    private static TensorShape? Concatenation(IReadOnlyList<TensorShape> inputs, LayerErrors errors)
    {
        var first = inputs[0];
        var channels = inputs.Sum(shape => (long)shape.Channels);
        return errors.Require(
                inputs.All(shape => (shape.Height, shape.Width) == (first.Height, first.Width)),
                "inputs",
                $"must have the same height and width, received {string.Join(", ", inputs)}")
            && Fits(channels, first.IsMap ? new(first.Height, first.Width) : new(1, 1), errors)
                ? first.IsMap
                    ? TensorShape.Map((int)channels, first.Height, first.Width)
                    : TensorShape.Vector((int)channels)
                : null;
    }

    private static bool IsMap(LayerSpec layer, TensorShape input, LayerErrors errors) => errors.Require(
        input.IsMap, "", $"({LayerTypes.NameOf(layer)}) takes a map [channels, height, width], received a vector {input}");

    private static bool Fits(long channels, Size2 map, LayerErrors errors)
    {
        var elements = (Int128)channels * map.Height * map.Width;
        return errors.Require(
            elements <= NetworkLimits.Elements,
            "",
            $"may hold at most {NetworkLimits.Elements} values for one picture, received {channels} x {map.Height} x {map.Width}");
    }
}
