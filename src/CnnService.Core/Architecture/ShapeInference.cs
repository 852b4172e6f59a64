using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Infers a layer's output shape for one sample. Computed in 64 bits or more; refused above <see cref="NetworkLimits"/>.</summary>
internal static class ShapeInference
{
    /// <summary>The output shape; null where a rule is broken, which is then added.</summary>
    /// <param name="layer">Its own fields have passed <see cref="LayerRules"/>; units are resolved.</param>
    /// <param name="inputs">Shapes of its inputs, at least one.</param>
    /// <param name="errors">Receives the broken rules.</param>
    public static TensorShape? Infer(LayerSpec layer, IReadOnlyList<TensorShape> inputs, ValidationErrors errors) => layer switch
    {
        Conv2dLayer conv => Convolution(conv, inputs[0], errors),
        PoolingLayer => Slide(layer, inputs[0], inputs[0].Channels, "poolSize", errors),
        Padding2dLayer pad => FitsReflectPadding(pad.PaddingMode, pad.Padding, inputs[0], errors)
            ? Slide(layer, inputs[0], inputs[0].Channels, "padding", errors)
            : null,
        GlobalPoolingLayer pool => !IsMap(layer, inputs[0], errors) ? null
            : pool.KeepDimensions ? TensorShape.Map(inputs[0].Channels, 1, 1)
            : TensorShape.Vector(inputs[0].Channels),
        LayerNormalizationLayer norm => errors.Require(inputs[0].Channels % (norm.Groups ?? 1) == 0, "groups",
            $"must divide the input's channels ({inputs[0].Channels}), received {norm.Groups}") ? inputs[0] : null,
        SelectChannelsLayer select => Selection(select, inputs[0], errors),
        LocalResponseNormalizationLayer => IsMap(layer, inputs[0], errors) ? inputs[0] : null,
        FlattenLayer => TensorShape.Vector((int)inputs[0].Elements),
        DenseLayer dense => Dense(dense, inputs[0], errors),
        AddLayer or MultiplyLayer => Broadcast(inputs, errors),
        ConcatenateLayer => Concatenation(inputs, errors),
        OnnxGraphLayer graph => TensorShape.Vector(graph.Outputs),
        _ => inputs[0],
    };

    private static TensorShape? Convolution(Conv2dLayer conv, TensorShape input, ValidationErrors errors) =>
        IsMap(conv, input, errors)
        && errors.Require(
            input.Channels % conv.Groups == 0,
            "groups",
            $"must divide the input's channels ({input.Channels}), received {conv.Groups}")
        && FitsReflectPadding(conv.PaddingMode,
            conv.Padding.Resolve(new(input.Height, input.Width), conv.KernelSize, conv.Strides, conv.Dilation), input, errors)
            ? Slide(conv, input, conv.Filters, "kernelSize", errors)
            : null;

    private static TensorShape? Slide(LayerSpec layer, TensorShape input, int channels, string field, ValidationErrors errors)
    {
        if (!IsMap(layer, input, errors))
        {
            return null;
        }

        var map = new Size2(input.Height, input.Width);
        var window = Window.From(layer)!.Value.ResolvePadding(map);
        var padded = window.Padded(map);
        var places = window.Positions(padded);
        return errors.Require(
                places is { Height: >= 1, Width: >= 1 },
                field,
                $"must fit into its input of {padded.Height} by {padded.Width} cells (padding included), "
                + $"received a window of {window.Span.Height} by {window.Span.Width}")
            & Fits(input.Channels, padded, errors) && Fits(channels, places, errors)
                ? TensorShape.Map(channels, places.Height, places.Width)
                : null;
    }

    private static TensorShape? Dense(DenseLayer dense, TensorShape input, ValidationErrors errors) => errors.Require(
        !input.IsMap, "", $"takes a vector, received a map {input}: put a flatten or globalAveragePooling2d layer before it")
            ? TensorShape.Vector(dense.Units.Count)
            : null;

    private static TensorShape? Broadcast(IReadOnlyList<TensorShape> inputs, ValidationErrors errors)
    {
        var whole = inputs.MaxBy(shape => shape.Elements);
        return errors.Require(
            inputs.All(shape => shape == whole || IsBroadcastable(shape, whole)),
            "inputs",
            $"must have one shape, or beside a map one value a channel or a place, received {string.Join(", ", inputs)}")
                ? whole
                : null;
    }

    /// <summary>Whether the shape broadcasts over a map: one value per channel or one per position.</summary>
    private static bool IsBroadcastable(TensorShape shape, TensorShape whole) => whole.IsMap
        && ((shape.Channels == whole.Channels && shape.Elements == shape.Channels)
            || (shape is { IsMap: true, Channels: 1 } && shape.Height == whole.Height && shape.Width == whole.Width));

    private static bool FitsReflectPadding(PaddingMode mode, Padding2 padding, TensorShape input, ValidationErrors errors) =>
        mode != PaddingMode.Reflect
        || errors.Require(
            Math.Max(padding.Top, padding.Bottom) < input.Height && Math.Max(padding.Left, padding.Right) < input.Width,
            "padding",
            $"must stay below the map's {input.Height} by {input.Width} cells to be mirrored");

    private static TensorShape? Concatenation(IReadOnlyList<TensorShape> inputs, ValidationErrors errors)
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

    private static TensorShape? Selection(SelectChannelsLayer select, TensorShape input, ValidationErrors errors)
    {
        var (channels, map) = (select.Channels.Count, input.IsMap ? new Size2(input.Height, input.Width) : new(1, 1));
        return errors.Require(select.Channels.Max() < input.Channels, "channels",
                $"must be below the input's number of channels ({input.Channels}), received {select.Channels.Max()}")
            && Fits(channels, map, errors)
                ? input.IsMap ? TensorShape.Map(channels, map.Height, map.Width) : TensorShape.Vector(channels)
                : null;
    }

    private static bool IsMap(LayerSpec layer, TensorShape input, ValidationErrors errors) => errors.Require(
        input.IsMap, "", $"({LayerTypes.NameOf(layer)}) takes a map [channels, height, width], received a vector {input}");

    private static bool Fits(long channels, Size2 map, ValidationErrors errors)
    {
        var elements = (Int128)channels * map.Height * map.Width;
        return errors.Require(
            elements <= NetworkLimits.Elements,
            "",
            $"may hold at most {NetworkLimits.Elements} values for one image, received {channels} x {map.Height} x {map.Width}");
    }
}
