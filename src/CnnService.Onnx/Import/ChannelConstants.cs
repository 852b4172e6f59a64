namespace CnnService.Onnx.Import;

/// <summary>Constants that are combined with a layer's value.</summary>
internal static class ChannelConstants
{
    /// <summary>One number per channel, by ONNX's broadcasting rules; null if the constant differs within a channel.</summary>
    public static float[]? Read(ConstantTensor tensor, LayerValue value) => Read(tensor, new ViewValue(value, value.Dims));

    /// <summary>As for a value in its own dimensions.</summary>
    public static float[]? Read(ConstantTensor tensor, ViewValue value)
    {
        var channels = value.Of.Shape.Channels;
        var numbers = tensor.AsFloats();
        if (numbers.Length == 1)
        {
            return [.. Enumerable.Repeat(numbers[0], channels)];
        }

        var (rank, dims) = (value.Dims.Length, tensor.Dims);
        return value.ChannelAxis is { } axis && dims.Count - (rank - axis) is >= 0 and var place && numbers.Length == channels
            && dims.Count <= rank && dims[place] == channels ? numbers : null;
    }
}
