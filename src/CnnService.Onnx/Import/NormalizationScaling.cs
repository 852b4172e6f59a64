using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Onnx.Import;

/// <summary>Takes a factor or an offset into the parameters of the normalization before it, as exporters write them apart.</summary>
internal sealed class NormalizationScaling(LayerBuilder builder)
{
    /// <summary>Null where nothing of the kind is before it, or the constant is none of its parameters'.</summary>
    /// <param name="node">The product or sum.</param>
    /// <param name="from">Its operand that is no constant.</param>
    /// <param name="index">Index of that operand.</param>
    /// <param name="constant">The other one.</param>
    public Outcome<Value>? Fold(GraphNode node, ViewValue from, int index, ConstantTensor constant)
    {
        if (node.Operation is not ("Mul" or "Add" or "Sum") || !builder.IsSingleUser(node, index)
            || builder.Draft.Find(from.Of.Layer) is not LayerNormalizationLayer norm)
        {
            return null;
        }

        var (value, perChannel) = (from.Of, ChannelConstants.Read(constant, from));
        var isElementwise = norm.Elementwise || (perChannel is null && norm is { Groups: 1 } && value.Shape.IsMap);
        var count = isElementwise ? (int)value.Shape.Elements : value.Shape.Channels;
        if ((perChannel ?? (isElementwise ? Elements(constant, value) : null)) is not { } numbers)
        {
            return null;
        }

        var (weight, bias) = ($"{value.Layer}.weight", $"{value.Layer}.bias");
        var each = Spread(numbers, count);
        var (factors, offsets) = (Spread(builder.Weights[weight].Data, count), Spread(builder.Weights[bias].Data, count));
        var changed = norm with { Elementwise = isElementwise };
        int[] shape = [.. changed.ParameterShape(value.Shape)];
        if (node.Operation == "Mul")
        {
            builder.Weights.Set(weight, new(shape, [.. factors.Zip(each, (factor, number) => factor * number)]));
            builder.Weights.Set(bias, new(shape, [.. offsets.Zip(each, (offset, number) => offset * number)]));
        }
        else
        {
            builder.Weights.Set(weight, new(shape, factors));
            builder.Weights.Set(bias, new(shape, [.. offsets.Zip(each, (offset, number) => offset + number)]));
        }

        return builder.Replace(value, changed);
    }

    /// <summary>A constant with a number for each value of a map, as <c>[C,H,W]</c>; null for any other.</summary>
    public static float[]? Elements(ConstantTensor constant, LayerValue value)
    {
        long[] own = value.Dims[1..];
        var dims = constant.Dims.SkipWhile((size, i) => size == 1 && i < constant.Dims.Count - own.Length);
        return !value.Shape.IsMap || !dims.SequenceEqual(own) ? null
            : value.IsChannelsLast ? ToPlanes(constant.AsFloats(), value.Shape.Channels)
            : constant.AsFloats();
    }

    private static float[] ToPlanes(float[] values, int channels)
    {
        var (planes, area) = (new float[values.Length], values.Length / channels);
        for (var i = 0; i < values.Length; i++)
        {
            planes[(i % channels * area) + (i / channels)] = values[i];
        }

        return planes;
    }

    /// <summary>One number a channel as one a value.</summary>
    private static float[] Spread(float[] numbers, int count) => numbers.Length == count ? numbers
        : [.. Enumerable.Range(0, count).Select(i => numbers[i / (count / numbers.Length)])];
}
