using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Import;

/// <summary>Imports products with matrices: dense layers, and convolutions of one cell where the channels of a map stand last.</summary>
internal sealed class DenseOperators(LayerBuilder builder)
{
    private const string Rule = "must take a vector, or a map with its channels last, and constant weights of two dimensions";

    public Outcome<Value> Gemm(GraphNode node)
    {
        if (Rows(node) is not { } from || node.Constant(1) is not { Floats: not null, Dims.Count: 2 } weights
            || node.Integer("transA", 0) != 0)
        {
            return LayerBuilder.Refuse(Rule);
        }

        var (alpha, beta) = ((float)node.Number("alpha", 1), (float)node.Number("beta", 1));
        var rows = UnitRows(weights, node.Integer("transB", 0) == 1);
        var units = rows.Length / from.Of.Shape.Channels;
        if (units * from.Of.Shape.Channels != rows.Length)
        {
            return LayerBuilder.Refuse($"has weights [{string.Join(", ", weights.Dims)}] for a vector of {from.Of.Shape.Channels}");
        }

        float[]? bias = null;
        if (node.Has(2))
        {
            bias = node.Constant(2)?.Floats switch
            {
                [var one] => [.. Enumerable.Repeat(one, units)],
                { } each when each.Length == units => each,
                _ => null,
            };
            if (bias is null)
            {
                return LayerBuilder.Refuse("must have a constant bias, one or one a unit");
            }
        }

        return Product(node, from, alpha == 1 ? rows : [.. rows.Select(x => x * alpha)], units,
            beta == 1 ? bias : bias?.Select(x => x * beta).ToArray());
    }

    public Outcome<Value> MatrixProduct(GraphNode node) =>
        Rows(node) is { } from && node.Constant(1) is { Floats: not null, Dims: [var inputs, var units] } weights
        && inputs == from.Of.Shape.Channels && units > 0
            ? Product(node, from, UnitRows(weights, isTurned: false), (int)units, null)
            : LayerBuilder.Refuse(Rule);

    /// <summary>The first input where a row of it is a vector, or the channels of one place; else null.</summary>
    private static ViewValue? Rows(GraphNode node) => ViewValue.From(node) switch
    {
        { Of: { Shape.IsMap: false, Order: ValueOrder.ChannelsFirst or ValueOrder.FlatChannelsLast } of } view
            when view.Dims.SequenceEqual(of.Dims) => view,
        { Of: { Shape.IsMap: true, Order: ValueOrder.ChannelsLast } of } view when view.Dims[^1] == of.Shape.Channels => view,
        _ => null,
    };

    private Outcome<Value> Product(GraphNode node, ViewValue from, float[] rows, int units, float[]? bias)
    {
        var value = from.Of;
        if (!value.Shape.IsMap)
        {
            var weights = new WeightTensor([units, value.Shape.Channels],
                value.Order == ValueOrder.FlatChannelsLast ? ReorderToChannelsFirst(rows, units, value.Map) : rows);
            return Add(node, new DenseLayer { Units = units, UseBias = bias is not null }, value, weights, bias);
        }

        var layer = new Conv2dLayer { Filters = units, KernelSize = new(1, 1), UseBias = bias is not null };
        return Add(node, layer, value, new([units, value.Shape.Channels, 1, 1], rows), bias).Map<Value>(made =>
            from.Dims.SequenceEqual(value.Dims) ? made : new ViewValue((LayerValue)made, [.. from.Dims[..^1], units]));
    }

    private Outcome<Value> Add(GraphNode node, LayerSpec layer, LayerValue value, WeightTensor weights, float[]? bias)
    {
        var order = value.Shape.IsMap ? value.Order : ValueOrder.ChannelsFirst;
        return bias is null
            ? builder.Add(node, layer, [value], order, ("weight", weights))
            : builder.Add(node, layer, [value], order, ("weight", weights), ("bias", new([bias.Length], bias)));
    }

    /// <summary>The weights as <c>[units,inputs]</c>.</summary>
    private static float[] UnitRows(ConstantTensor weights, bool isTurned)
    {
        if (isTurned)
        {
            return weights.Floats!;
        }

        var (inputs, units) = ((int)weights.Dims[0], (int)weights.Dims[1]);
        var rows = new float[weights.Count];
        for (var unit = 0; unit < units; unit++)
        {
            for (var i = 0; i < inputs; i++)
            {
                rows[(unit * inputs) + i] = weights.Floats![(i * units) + unit];
            }
        }

        return rows;
    }

    /// <summary>Reorders the input weights from (height, width, channel) to (channel, height, width).</summary>
    private static float[] ReorderToChannelsFirst(float[] rows, int units, TensorShape map)
    {
        var (area, inputs) = (map.Height * map.Width, (int)map.Elements);
        var turned = new float[rows.Length];
        for (var unit = 0; unit < units; unit++)
        {
            for (var i = 0; i < inputs; i++)
            {
                turned[(unit * inputs) + i] = rows[(unit * inputs) + (i % area * map.Channels) + (i / area)];
            }
        }

        return turned;
    }
}
