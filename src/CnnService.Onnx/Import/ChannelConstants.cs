namespace CnnService.Onnx.Import;

/// <summary>Constants that are combined with a layer's value.</summary>
internal static class ChannelConstants
{
    /// <summary>One number per channel, by ONNX's broadcasting rules; null if the constant differs within a channel.</summary>
    public static float[]? Read(ConstantTensor tensor, LayerValue value)
    {
        var channels = value.Shape.Channels;
        var numbers = tensor.AsFloats();
        if (numbers.Length == 1)
        {
            return [.. Enumerable.Repeat(numbers[0], channels)];
        }

        var (rank, dims) = (value.Dims.Length, tensor.Dims);
        var place = dims.Count - (rank - value.ChannelAxis);
        return numbers.Length == channels && dims.Count <= rank && place >= 0 && dims[place] == channels
            && value.Order != ValueOrder.FlatChannelsLast ? numbers : null;
    }
}
