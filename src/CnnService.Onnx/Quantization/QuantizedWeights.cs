namespace CnnService.Onnx.Quantization;

/// <summary>
/// The weights of a layer as integers -127 to 127 with one scale an output channel, and its biases as 32-bit integers in the scale of the
/// sums: that of the input times that of the channel.
/// </summary>
/// <param name="Weights">In the order of the layer's own.</param>
/// <param name="Scales">One an output channel.</param>
/// <param name="Biases">One an output channel; empty where the layer has none.</param>
/// <param name="BiasScales">Input scale times <paramref name="Scales"/>.</param>
internal sealed record QuantizedWeights(sbyte[] Weights, float[] Scales, int[] Biases, float[] BiasScales)
{
    private const int Largest = 127;

    /// <summary>Largest bias in integers: leaves the sum of products as much room again.</summary>
    private const double LargestBias = 1 << 30;

    /// <param name="weights">Output channels first.</param>
    /// <param name="biases">One an output channel, or empty.</param>
    /// <param name="channels">Number of output channels, at least 1.</param>
    /// <param name="inputScale">Scale of the layer's input.</param>
    public static QuantizedWeights Create(ReadOnlySpan<float> weights, ReadOnlySpan<float> biases, int channels, float inputScale)
    {
        var width = weights.Length / channels;
        var quantized = new QuantizedWeights(new sbyte[weights.Length], new float[channels], new int[biases.Length], new float[channels]);
        for (var channel = 0; channel < channels; channel++)
        {
            var row = weights.Slice(channel * width, width);
            var bias = biases.IsEmpty ? 0 : biases[channel];
            var scale = ScaleOf(row, bias, inputScale);
            for (var i = 0; i < width; i++)
            {
                quantized.Weights[(channel * width) + i] = (sbyte)Math.Clamp(Math.Round((double)row[i] / scale), -Largest, Largest);
            }

            quantized.Scales[channel] = scale;
            quantized.BiasScales[channel] = inputScale * scale;
            if (!biases.IsEmpty)
            {
                quantized.Biases[channel] = (int)Math.Round(bias / (double)quantized.BiasScales[channel]);
            }
        }

        return quantized;
    }

    /// <summary>
    /// The largest weight becomes 127; a channel whose weights are all but 0 beside its bias gets a coarser scale, in which the bias fits.
    /// </summary>
    private static float ScaleOf(ReadOnlySpan<float> row, float bias, float inputScale)
    {
        var largest = 0f;
        foreach (var weight in row)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }

        var scale = Math.Max((float)(largest / (double)Largest), (float)(Math.Abs(bias) / (inputScale * LargestBias)));
        return scale > 0 && inputScale * scale > 0 ? scale : 1;
    }
}
