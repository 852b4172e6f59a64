namespace CnnService.Core.Models.Import;

/// <summary>Converts tensors from a source's layout to this service's.</summary>
internal static class TensorLayout
{
    private const int Block = 64;

    /// <summary>The tensor's shape in this service's layout.</summary>
    public static IReadOnlyList<int> Shape(SourceTensor tensor, WeightConvention convention) =>
        (convention, tensor.Part, tensor.Shape) switch
        {
            (WeightConvention.Keras, TensorPart.Weight, [var h, var w, var channels, var multiplier]) when tensor.IsDepthwise =>
                [checked(channels * multiplier), 1, h, w],
            (WeightConvention.Keras, TensorPart.Weight, [var h, var w, var channels, var filters]) => [filters, channels, h, w],
            (WeightConvention.Keras, TensorPart.Weight, [var inputs, var units]) => [units, inputs],
            _ => tensor.Shape,
        };

    /// <summary>The values in this service's layout; the same array where nothing changes.</summary>
    /// <param name="tensor">A tensor whose values were read.</param>
    /// <param name="convention">Its layout.</param>
    /// <param name="order">Order of its layer's inputs, from <see cref="FlattenOrders.InputOrder"/>; null where both orders are
    /// the same.</param>
    public static float[] Values(SourceTensor tensor, WeightConvention convention, int[]? order) =>
        (convention, tensor.Part, tensor.Shape) switch
        {
            (WeightConvention.Keras, TensorPart.Weight, [var h, var w, var channels, var multiplier]) when tensor.IsDepthwise =>
                Transpose(tensor.Data!, h * w, channels * multiplier, null),
            (WeightConvention.Keras, TensorPart.Weight, [var h, var w, var channels, var filters]) =>
                Transpose(tensor.Data!, h * w * channels, filters, FlattenOrders.ChannelsLast(channels, h * w)),
            (WeightConvention.Keras, TensorPart.Weight, [var inputs, var units]) => Transpose(tensor.Data!, inputs, units, order),
            (WeightConvention.Keras, _, [_]) when order is not null => [.. order.Select(place => tensor.Data![place])],
            _ => tensor.Data!,
        };

    /// <summary><c>[rows, columns]</c> to <c>[columns, rows]</c>, the rows taken in the given order. Blocked, for cache locality.</summary>
    private static float[] Transpose(float[] source, int rows, int columns, int[]? order)
    {
        var result = new float[source.Length];
        for (var start = 0; start < rows; start += Block)
        {
            var end = Math.Min(rows, start + Block);
            for (var column = 0; column < columns; column++)
            {
                for (var row = start; row < end; row++)
                {
                    result[((long)column * rows) + row] = source[((long)(order?[row] ?? row) * columns) + column];
                }
            }
        }

        return result;
    }
}
