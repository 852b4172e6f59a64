using CnnService.Core.Architecture;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>The arithmetic of each kind of layer, without its activation function. Every call returns a new tensor.</summary>
internal static class LayerMath
{
    /// <param name="inputs">One tensor per input of the layer.</param>
    /// <param name="weights">The layer's parameters and running statistics.</param>
    /// <param name="mode">Affects dropout and batch normalization.</param>
    /// <param name="dropout">Drops in training mode; null: dropout layers pass their input on.</param>
    /// <exception cref="NotSupportedException">There is no arithmetic for the kind of layer.</exception>
    internal static Tensor Apply(
        ResolvedLayer layer, IReadOnlyList<Tensor> inputs, LayerWeights weights, ForwardMode mode,
        Func<Tensor, double, Tensor>? dropout = null)
    {
        var x = inputs[0];
        return layer.Spec switch
        {
            Conv2dLayer conv => Convolve(conv, x, weights),
            DenseLayer dense => Dense(dense, x, weights),
            BatchNormalizationLayer norm => Normalize(norm, layer, x, weights, mode),
            MaxPooling2dLayer pool => Pooling.Max(x, pool),
            AveragePooling2dLayer pool => Pooling.Average(x, pool),
            GlobalAveragePooling2dLayer pool => x.mean([2, 3], pool.KeepDimensions),
            GlobalMaxPooling2dLayer pool => x.amax([2, 3], pool.KeepDimensions),
            Padding2dLayer pad => Pooling.Pad(x, pad.Padding, pad.PaddingMode),
            LocalResponseNormalizationLayer norm => ResponseNormalization.Apply(x, norm),
            LayerNormalizationLayer norm => LayerNormalization.Apply(x, norm, weights),
            SelectChannelsLayer select => Select(x, select),
            PReluLayer => ParametricRelu(x, weights),
            DropoutLayer { Rate: > 0 } drop when mode == ForwardMode.Training && dropout is not null => dropout(x, drop.Rate),
            DropoutLayer or ActivationLayer => x.alias(),
            FlattenLayer => x.flatten(1),
            AddLayer => Combine(inputs, (one, other) => one.add(other, OwnedScalars.One)),
            MultiplyLayer => Combine(inputs, (one, other) => one.mul(other)),
            ConcatenateLayer => cat([.. inputs], 1),
            _ => throw new NotSupportedException($"Layer '{layer.Name}': no arithmetic for {layer.Spec.GetType().Name}."),
        };
    }

    private static Tensor Convolve(Conv2dLayer conv, Tensor x, LayerWeights weights)
    {
        var padding = conv.Padding.Resolve(Pooling.SizeOf(x), conv.KernelSize, conv.Strides, conv.Dilation);
        using var weight = weights.Cast("weight");
        using var bias = conv.UseBias ? weights.Cast("bias") : null;
        var padsItself = padding.IsSymmetric && (padding.IsZero || conv.PaddingMode == PaddingMode.Zeros);
        using var padded = padsItself ? x.alias() : Pooling.Pad(x, padding, conv.PaddingMode);
        var convolution = new Convolution(
            conv.Strides,
            padsItself ? new(padding.Top, padding.Left) : new(0, 0),
            conv.Dilation,
            conv.Groups);
        return convolution.Apply(padded, weight, bias);
    }

    private static Tensor Dense(DenseLayer dense, Tensor x, LayerWeights weights)
    {
        using var weight = weights.Cast("weight");
        using var bias = dense.UseBias ? weights.Cast("bias") : null;
        return nn.functional.linear(x, weight, bias);
    }

    /// <summary>
    /// Statistics and parameters stay in full precision. A batch with a single value per channel has no variance; it is normalized with the
    /// running statistics, which are not updated.
    /// </summary>
    private static Tensor Normalize(
        BatchNormalizationLayer norm, ResolvedLayer layer, Tensor x, LayerWeights weights, ForwardMode mode)
    {
        var isTraining = mode == ForwardMode.Training && x.numel() > layer.OutputShape.Channels;
        return nn.functional.batch_norm(
            x,
            weights.Master("running_mean"),
            weights.Master("running_var"),
            weights.Master("weight"),
            weights.Master("bias"),
            isTraining,
            norm.Momentum,
            norm.Epsilon);
    }

    private static Tensor ParametricRelu(Tensor x, LayerWeights weights)
    {
        using var slopes = weights.Cast("weight");
        return nn.functional.prelu(x, slopes);
    }

    private static Tensor Select(Tensor x, SelectChannelsLayer select)
    {
        using var channels = torch.tensor(
            select.Channels.Select(channel => (long)channel).ToArray(), [select.Channels.Count], ScalarType.Int64, device: x.device);
        return x.index_select(1, channels);
    }

    /// <summary>Combines inputs elementwise; next to feature maps, a vector <c>[N,C]</c> is broadcast as one value per channel.</summary>
    private static Tensor Combine(IReadOnlyList<Tensor> inputs, Func<Tensor, Tensor, Tensor> join)
    {
        using var scope = NewDisposeScope();
        var dimensions = inputs.Max(input => input.dim());
        var shaped = inputs.Select(input => input.dim() == dimensions ? input : input.unsqueeze(-1).unsqueeze(-1)).ToArray();
        return shaped.Skip(1).Aggregate(shaped[0].alias(), join).MoveToOuterDisposeScope();
    }
}
