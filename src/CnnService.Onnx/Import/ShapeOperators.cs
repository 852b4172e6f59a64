using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>Imports operators that only change the layout of values.</summary>
internal sealed class ShapeOperators(LayerBuilder builder)
{
    private static readonly int[] ToChannelsLast = [0, 2, 3, 1];
    private static readonly int[] ToChannelsFirst = [0, 3, 1, 2];

    public Outcome<Value> Flatten(GraphNode node)
    {
        if (ViewValue.From(node) is not { } from)
        {
            return LayerBuilder.Refuse("must take a layer's value");
        }

        var axis = node.Integer("axis", 1);
        var cut = (int)Math.Clamp(axis < 0 ? axis + from.Dims.Length : axis, 0, from.Dims.Length);
        return ChangeShape(node, from, [Shapes.Count(from.Dims[..cut]), Shapes.Count(from.Dims[cut..])]);
    }

    public Outcome<Value> Reshape(GraphNode node)
    {
        var target = node.Integers("shape", 1);
        if (ViewValue.From(node) is not { } from || target is null || (node.Integer("allowzero", 0) != 0 && target.Contains(0))
            || Shapes.Resolve(from.Dims, target) is not { } dims)
        {
            return LayerBuilder.Refuse("must take a layer's value to a shape that is known, without dimensions of 0");
        }

        return ChangeShape(node, from, dims);
    }

    public Outcome<Value> Squeeze(GraphNode node)
    {
        if (ViewValue.From(node) is not { } from)
        {
            return LayerBuilder.Refuse("must take a layer's value");
        }

        var rank = from.Dims.Length;
        var axes = node.Integers("axes", 1)?.Select(axis => axis < 0 ? axis + rank : axis).ToHashSet();
        long[] dims = [.. from.Dims.Where((size, axis) => axes is null ? axis == 0 || size != 1 : !axes.Contains(axis))];
        return axes?.Any(axis => axis <= 0 || axis >= rank || from.Dims[axis] != 1) == true
            ? LayerBuilder.Refuse("must take away dimensions of one")
            : ChangeShape(node, from, dims);
    }

    public Outcome<Value> Unsqueeze(GraphNode node)
    {
        if (ViewValue.From(node) is not { } from || node.Integers("axes", 1) is not { } axes || axes.Count > 2)
        {
            return LayerBuilder.Refuse("must take a layer's value and known axes");
        }

        var rank = from.Dims.Length + axes.Count;
        var dims = from.Dims.ToList();
        foreach (var axis in axes.Select(axis => axis < 0 ? axis + rank : axis).Order())
        {
            if (axis < 1 || axis > dims.Count)
            {
                return LayerBuilder.Refuse("must add dimensions behind the batch");
            }

            dims.Insert((int)axis, 1);
        }

        return ChangeShape(node, from, [.. dims]);
    }

    /// <summary>Repeats one value a channel over a map, for a sum or product with it, or does nothing.</summary>
    public static Outcome<Value> Expand(GraphNode node)
    {
        if (node.Layer(0) is not { } value || node.Constant(1)?.Integers is not { } target
            || Shapes.Broadcast(value.Dims, target) is not { } dims)
        {
            return LayerBuilder.Refuse("must take a layer's value to a shape that is known");
        }

        return dims.SequenceEqual(value.Dims) ? value
            : dims.Length == 4 && dims[0] == value.Batch && value.Shape.Elements == value.Shape.Channels
                && dims[value.ChannelAxis] == value.Shape.Channels ? new ExpandedValue(value, dims)
            : LayerBuilder.Refuse("must repeat one value a channel over a map, or nothing");
    }

    public static Outcome<Value> Transpose(GraphNode node)
    {
        var order = node.Integers("perm")?.Select(axis => (int)axis).ToArray();
        return (node.Layer(0), order) switch
        {
            ({ } value, { } same) when same.SequenceEqual(Enumerable.Range(0, value.Dims.Length)) => value,
            ({ Order: ValueOrder.ChannelsFirst, Shape.IsMap: true } value, { } axes) when axes.SequenceEqual(ToChannelsLast) =>
                value with { Order = ValueOrder.ChannelsLast },
            ({ Order: ValueOrder.ChannelsLast } value, { } axes) when axes.SequenceEqual(ToChannelsFirst) =>
                value with { Order = ValueOrder.ChannelsFirst },
            ({ Order: ValueOrder.VectorChannelsFirst } value, { } axes) when axes.SequenceEqual(ToChannelsLast) =>
                value with { Order = ValueOrder.VectorChannelsLast },
            ({ Order: ValueOrder.VectorChannelsLast } value, { } axes) when axes.SequenceEqual(ToChannelsFirst) =>
                value with { Order = ValueOrder.VectorChannelsFirst },
            _ => LayerBuilder.Refuse("must only move the channels of a map first or last"),
        };
    }

    /// <summary>The value as a vector; adds a flatten layer if it is a feature map.</summary>
    public Outcome<Value> AsVector(GraphNode node, LayerValue value)
    {
        if (!value.Shape.IsMap)
        {
            return value.Order is ValueOrder.VectorChannelsFirst or ValueOrder.VectorChannelsLast
                ? value with { Order = ValueOrder.ChannelsFirst }
                : value;
        }

        if (builder.Draft.Find(value.Layer) is GlobalPoolingLayer { KeepDimensions: true } pool && builder.IsPartOf(node, value, "flatten")
            && builder.IsSingleUser(node, 0))
        {
            return builder.Replace(value, pool with { KeepDimensions = false });
        }

        var isReordered = value.IsChannelsLast && value.Shape is { Channels: > 1, Height: var height, Width: var width }
            && (height > 1 || width > 1);
        return builder.Add(node, new FlattenLayer(), [value], ValueOrder.ChannelsFirst)
            .Bind<Value>(flat => isReordered ? ((LayerValue)flat) with { Order = ValueOrder.FlatChannelsLast, Map = value.Shape } : flat);
    }

    /// <summary>A value that keeps its elements in their order, in other dimensions.</summary>
    private Outcome<Value> ChangeShape(GraphNode node, ViewValue from, long[] dims)
    {
        var value = from.Of;
        if (dims.SequenceEqual(value.Dims))
        {
            return value;
        }

        var (channels, isVector) = (value.Shape.Channels, !value.Shape.IsMap && value.Order != ValueOrder.FlatChannelsLast);
        return dims switch
        {
            [var places, var last] when value is { Order: ValueOrder.ChannelsLast, Shape: var map } && last == channels
                && map.Height * map.Width > 1 && places == (long)value.Batch * map.Height * map.Width => new ViewValue(value, dims),
            [var batch, ..] when batch != value.Batch => LayerBuilder.Refuse(
                $"takes [{string.Join(", ", from.Dims)}] to [{string.Join(", ", dims)}]: the batch must stay a dimension of its own"),
            [_, var all] when all == value.Shape.Elements => AsVector(node, value),
            [_, var first, 1, 1] when isVector && first == channels => value with { Order = ValueOrder.VectorChannelsFirst },
            [_, 1, 1, var last] when isVector && last == channels => value with { Order = ValueOrder.VectorChannelsLast },
            _ when Turned(value) is { } turned && turned.Dims.SequenceEqual(dims) => turned,
            _ => new ViewValue(value, dims),
        };
    }

    /// <summary>A map in the other layout, where that is the same order of elements: of one channel, or of one cell.</summary>
    private static LayerValue? Turned(LayerValue value) =>
        value.Shape.IsMap && (value.Shape.Channels == 1 || value.Shape is { Height: 1, Width: 1 })
            ? value with { Order = value.IsChannelsLast ? ValueOrder.ChannelsFirst : ValueOrder.ChannelsLast }
            : null;
}
