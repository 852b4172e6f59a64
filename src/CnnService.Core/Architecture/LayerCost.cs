namespace CnnService.Core.Architecture;

/// <summary>Parameter counts and computational cost of layers, in closed form.</summary>
public static class LayerCost
{
    /// <summary>Number of trainable parameters; the running statistics of a batch normalization are not trained.</summary>
    /// <param name="layer">With its units resolved to a number.</param>
    /// <param name="input">Shape of its first input, for one sample.</param>
    public static long Parameters(LayerSpec layer, TensorShape input) => layer switch
    {
        Conv2dLayer conv => Kernel(conv, input) + (conv.UseBias ? conv.Filters : 0),
        DenseLayer dense => ((long)input.Channels * dense.Units.Count) + (dense.UseBias ? dense.Units.Count : 0),
        BatchNormalizationLayer => 2L * input.Channels,
        LayerNormalizationLayer norm => 2 * (norm.Elementwise ? input.Elements : input.Channels),
        PReluLayer => input.Channels,
        _ => 0,
    };

    /// <summary>
    /// Multiply-adds per image: <c>k*k*Cin/g*Cout*H*W</c> for a convolution, <c>in*out</c> for a dense layer. Biases, activations, pooling
    /// and normalization are not counted.
    /// </summary>
    public static long MultiplyAdds(LayerSpec layer, TensorShape input, TensorShape output) => layer switch
    {
        Conv2dLayer conv => checked(Kernel(conv, input) * output.Height * output.Width),
        DenseLayer => (long)input.Channels * output.Channels,
        _ => 0,
    };

    private static long Kernel(Conv2dLayer conv, TensorShape input) =>
        (long)conv.Filters * (input.Channels / conv.Groups) * conv.KernelSize.Height * conv.KernelSize.Width;
}
