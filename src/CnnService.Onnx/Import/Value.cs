using CnnService.Core.Architecture;

namespace CnnService.Onnx.Import;

/// <summary>What a value name of the graph refers to.</summary>
internal abstract record Value;

/// <summary>A constant.</summary>
internal sealed record ConstantValue(ConstantTensor Tensor) : Value;

/// <summary>The output of a layer, or the image, with the layout that the graph has it in.</summary>
/// <param name="Layer">The name of the layer in the translated network.</param>
/// <param name="Shape">The shape of the layer's output.</param>
/// <param name="Order">The layout of the graph's value.</param>
/// <param name="Map">For <see cref="ValueOrder.FlatChannelsLast"/>: the shape before flattening.</param>
internal sealed record LayerValue(string Layer, TensorShape Shape, ValueOrder Order = ValueOrder.ChannelsFirst, TensorShape Map = default)
    : Value
{
    /// <summary>The number of images in the graph's value.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>The dimensions of the graph's value.</summary>
    public long[] Dims => (Order, Shape.IsMap) switch
    {
        (ValueOrder.ChannelsFirst, true) => [Batch, Shape.Channels, Shape.Height, Shape.Width],
        (ValueOrder.ChannelsLast, true) => [Batch, Shape.Height, Shape.Width, Shape.Channels],
        (ValueOrder.VectorChannelsFirst, _) => [Batch, Shape.Channels, 1, 1],
        (ValueOrder.VectorChannelsLast, _) => [Batch, 1, 1, Shape.Channels],
        _ => [Batch, Shape.Channels],
    };

    /// <summary>The axis of the channels in <see cref="Dims"/>.</summary>
    public int ChannelAxis => Order is ValueOrder.ChannelsLast or ValueOrder.VectorChannelsLast ? 3 : 1;

    public bool IsChannelsLast => Order is ValueOrder.ChannelsLast or ValueOrder.VectorChannelsLast;

    /// <summary>The index of an axis that the graph may count from the end (negative).</summary>
    public int Axis(long axis) => (int)(axis < 0 ? axis + Dims.Length : axis);
}

/// <summary>A layer's value in other dimensions, its elements in the same order: <c>[N,C,H*W]</c>, or <c>[N,C,1]</c>.</summary>
/// <param name="Of">The value.</param>
/// <param name="Dims">The dimensions that the graph has it in.</param>
internal sealed record ViewValue(LayerValue Of, long[] Dims) : Value
{
    /// <summary>The first input of a node; null where it is no layer's value.</summary>
    public static ViewValue? From(GraphNode node) => From(node.First);

    /// <summary>A layer's value in the dimensions that the graph has it in; null where it is none.</summary>
    public static ViewValue? From(Value? value) => value switch
    {
        ViewValue view => view,
        LayerValue layer => new(layer, layer.Dims),
        _ => null,
    };

    /// <summary>The axis of the channels in <see cref="Dims"/>; null where they have none of their own.</summary>
    public int? ChannelAxis => Of.Order == ValueOrder.FlatChannelsLast ? null
        : Dims.SequenceEqual(Of.Dims) ? Of.ChannelAxis
        : Of.Order == ValueOrder.ChannelsLast ? (Dims[^1] == Of.Shape.Channels ? Dims.Length - 1 : null)
        : Of.Order == ValueOrder.ChannelsFirst && Dims is [var batch, var channels, ..] && batch == Of.Batch
            && channels == Of.Shape.Channels ? 1 : null;

    /// <summary>What a layer makes of the value, one value for each, in the same dimensions.</summary>
    public Value Like(Value made) => made is LayerValue layer && !Dims.SequenceEqual(Of.Dims) ? new ViewValue(layer, Dims) : made;
}

/// <summary>The outputs of a node that has several.</summary>
/// <param name="Parts">In their order.</param>
internal sealed record SeveralValues(IReadOnlyList<Value> Parts) : Value;

/// <summary>One value a channel, repeated over the cells of a map by Expand.</summary>
/// <param name="Of">The value, <c>[N,C,1,1]</c> or <c>[N,1,1,C]</c>.</param>
/// <param name="Dims">The dimensions of the map.</param>
internal sealed record ExpandedValue(LayerValue Of, long[] Dims) : Value;

/// <summary>The layout of a value in the graph.</summary>
internal enum ValueOrder
{
    /// <summary><c>[N,C,H,W]</c> or <c>[N,C]</c>, as in the translated network.</summary>
    ChannelsFirst,

    /// <summary><c>[N,H,W,C]</c>, as in TensorFlow.</summary>
    ChannelsLast,

    /// <summary>A vector as <c>[N,C,1,1]</c>.</summary>
    VectorChannelsFirst,

    /// <summary>A vector as <c>[N,1,1,C]</c>.</summary>
    VectorChannelsLast,

    /// <summary>A flattened <c>[N,H,W,C]</c>: a vector with its elements in another order.</summary>
    FlatChannelsLast,
}
