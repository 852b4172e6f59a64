using CnnService.Core.Architecture;

namespace CnnService.Torch.Networks;

/// <summary>The tensors of a layer: names, shapes and roles.</summary>
internal static class LayerTensors
{
    internal static IEnumerable<LayerTensor> List(ResolvedLayer layer) => layer.Spec switch
    {
        Conv2dLayer conv => KernelAndBias(
            layer.Name,
            [conv.Filters, layer.InputShapes[0].Channels / conv.Groups, conv.KernelSize.Height, conv.KernelSize.Width],
            conv.UseBias),
        DenseLayer dense => KernelAndBias(
            layer.Name, [layer.OutputShape.Channels, checked((int)layer.InputShapes[0].Elements)], dense.UseBias),
        BatchNormalizationLayer => Normalization(layer.Name, layer.OutputShape.Channels),
        LayerNormalizationLayer norm =>
        [
            new($"{layer.Name}.weight", [.. norm.ParameterShape(layer.InputShapes[0])], TensorRole.Scale),
            new($"{layer.Name}.bias", [.. norm.ParameterShape(layer.InputShapes[0])], TensorRole.Shift),
        ],
        PReluLayer => [new($"{layer.Name}.weight", [layer.OutputShape.Channels], TensorRole.Slope)],
        _ => [],
    };

    private static IEnumerable<LayerTensor> KernelAndBias(string layer, int[] shape, bool bias)
    {
        yield return new($"{layer}.weight", shape, TensorRole.Kernel);
        if (bias)
        {
            yield return new($"{layer}.bias", [shape[0]], TensorRole.Shift);
        }
    }

    private static IEnumerable<LayerTensor> Normalization(string layer, int channels) =>
    [
        new($"{layer}.weight", [channels], TensorRole.Scale),
        new($"{layer}.bias", [channels], TensorRole.Shift),
        new($"{layer}.running_mean", [channels], TensorRole.RunningMean),
        new($"{layer}.running_var", [channels], TensorRole.RunningVariance),
    ];
}

/// <summary>One tensor of a layer.</summary>
/// <param name="Name">As in <see cref="Core.Models.NamedWeights"/>: the layer's name, a dot, the tensor's own name.</param>
/// <param name="Shape">Kernels: <c>[F,C/groups,KH,KW]</c> or <c>[out,in]</c>; all others <c>[C]</c>,
/// elementwise ones <c>[C,H,W]</c>.</param>
/// <param name="Role">What the layer uses it for.</param>
internal sealed record LayerTensor(string Name, int[] Shape, TensorRole Role)
{
    internal bool IsTrained => Role is TensorRole.Kernel or TensorRole.Scale or TensorRole.Shift or TensorRole.Slope;
}

/// <summary>What a layer uses a tensor for.</summary>
internal enum TensorRole
{
    /// <summary>Weights of a convolution or dense layer.</summary>
    Kernel,

    /// <summary>Factor of a normalization (gamma).</summary>
    Scale,

    /// <summary>A bias, or the shift of a normalization (beta).</summary>
    Shift,

    /// <summary>Slope of PReLU below zero.</summary>
    Slope,
    RunningMean,
    RunningVariance,
}
