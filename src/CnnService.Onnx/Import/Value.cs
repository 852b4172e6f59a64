using CnnService.Core.Architecture;

namespace CnnService.Onnx.Import;

/// <summary>What a name of the graph stands for.</summary>
internal abstract record Value;

/// <summary>Numbers that are known before anything runs.</summary>
internal sealed record ConstantValue(ConstantTensor Tensor) : Value;

/// <summary>The output of a layer, or the picture, in the order that the graph has it in.</summary>
/// <param name="Layer">The layer's name here.</param>
/// <param name="Shape">The layer's output.</param>
/// <param name="Order">How the graph's value relates to it.</param>
/// <param name="Map">For <see cref="ValueOrder.FlatChannelsLast"/>: the map that was flattened.</param>
internal sealed record LayerValue(string Layer, TensorShape Shape, ValueOrder Order = ValueOrder.Plain, TensorShape Map = default) : Value
{
    /// <summary>The dimensions in the graph, with a batch of one.</summary>
    public long[] Dims => (Order, Shape.IsMap) switch
    {
        (ValueOrder.Plain, true) => [1, Shape.Channels, Shape.Height, Shape.Width],
        (ValueOrder.ChannelsLast, true) => [1, Shape.Height, Shape.Width, Shape.Channels],
        (ValueOrder.Spread, _) => [1, Shape.Channels, 1, 1],
        (ValueOrder.SpreadLast, _) => [1, 1, 1, Shape.Channels],
        _ => [1, Shape.Channels],
    };

    /// <summary>The dimension of the channels.</summary>
    public int ChannelAxis => Order is ValueOrder.ChannelsLast or ValueOrder.SpreadLast ? 3 : 1;

    public bool IsChannelsLast => Order is ValueOrder.ChannelsLast or ValueOrder.SpreadLast;

    /// <summary>An axis as the graph counts it, from the back too.</summary>
    public int Axis(long axis) => (int)(axis < 0 ? axis + Dims.Length : axis);
}

/// <summary>The orders in which graphs hold what layers give.</summary>
internal enum ValueOrder
{
    /// <summary><c>[N,C,H,W]</c> or <c>[N,C]</c>, as here.</summary>
    Plain,

    /// <summary><c>[N,H,W,C]</c>, as TensorFlow's.</summary>
    ChannelsLast,

    /// <summary>A vector as <c>[N,C,1,1]</c>.</summary>
    Spread,

    /// <summary>A vector as <c>[N,1,1,C]</c>.</summary>
    SpreadLast,

    /// <summary>A flattened <c>[N,H,W,C]</c>: a vector in another order.</summary>
    FlatChannelsLast,
}
