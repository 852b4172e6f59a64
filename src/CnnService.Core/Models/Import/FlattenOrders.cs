using CnnService.Core.Architecture;

namespace CnnService.Core.Models.Import;

/// <summary>
/// Element order of flattened vectors in Keras. A map is flattened as <c>[C,H,W]</c> here and as <c>[H,W,C]</c> in Keras; element-wise
/// layers pass the order on, a dense layer ends it.
/// </summary>
internal sealed class FlattenOrders
{
    private readonly Dictionary<string, int[]?> _ofOutput = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]?> _ofInput = new(StringComparer.Ordinal);

    public FlattenOrders(ResolvedNetwork network)
    {
        foreach (var layer in network.Layers)
        {
            _ofInput[layer.Name] = _ofOutput.GetValueOrDefault(layer.Inputs[0]);
            _ofOutput[layer.Name] = layer.OutputShape.IsMap ? null : Order(layer);
        }
    }

    /// <summary>
    /// For each element of the layer's input, in this service's order, its index in Keras's order; null where both orders are the same.
    /// </summary>
    public int[]? InputOrder(ResolvedLayer layer) => _ofInput[layer.Name];

    /// <summary>The index <c>(h*W+w)*C + c</c> for each <c>c*H*W + h*W+w</c>.</summary>
    public static int[] ChannelsLast(int channels, int cells)
    {
        var order = new int[checked(channels * cells)];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (i % cells * channels) + (i / cells);
        }

        return order;
    }

    private int[]? Order(ResolvedLayer layer) => layer.Spec switch
    {
        FlattenLayer when layer.InputShapes[0] is { IsMap: true } map =>
            map.Channels > 1 && map.Height * map.Width > 1 ? ChannelsLast(map.Channels, map.Height * map.Width) : null,
        ConcatenateLayer => ConcatenatedOrder(layer),
        DenseLayer => null,
        _ => layer.InputShapes[0].Elements == layer.OutputShape.Elements ? _ofInput[layer.Name] : null,
    };

    private int[]? ConcatenatedOrder(ResolvedLayer layer)
    {
        if (layer.Inputs.All(input => _ofOutput.GetValueOrDefault(input) is null))
        {
            return null;
        }

        var joined = new List<int>();
        for (var i = 0; i < layer.Inputs.Count; i++)
        {
            var start = joined.Count;
            var order = _ofOutput.GetValueOrDefault(layer.Inputs[i]) ?? [.. Enumerable.Range(0, layer.InputShapes[i].Channels)];
            joined.AddRange(order.Select(place => start + place));
        }

        return [.. joined];
    }
}
