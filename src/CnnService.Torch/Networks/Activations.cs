using CnnService.Core.Architecture;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Activation functions on tensors.</summary>
internal static class Activations
{
    /// <summary>A new tensor. Softmax stands only at the end, where logits are left as they are.</summary>
    /// <param name="x">Its argument.</param>
    /// <param name="mayOverwrite">
    /// The argument is nobody else's, and the backward pass of what made it does not read it: true of convolutions, dense layers,
    /// normalizations and sums. Rectifying in place saves a fifth of the forward pass.
    /// </param>
    internal static Tensor Apply(ActivationFunction function, Tensor x, bool mayOverwrite) => function.Kind switch
    {
        ActivationKind.Linear => x.alias(),
        ActivationKind.Relu => mayOverwrite ? x.relu_().alias() : x.relu(),
        ActivationKind.LeakyRelu => x.leaky_relu(Scalars.Of(function.Slope)),
        ActivationKind.Sigmoid => x.sigmoid(),
        ActivationKind.Tanh => x.tanh(),
        ActivationKind.Gelu => nn.functional.gelu(x),
        ActivationKind.Silu => x.silu(),
        ActivationKind.HardSwish => x.hardswish(),
        ActivationKind.Elu => x.elu(Scalars.Of(function.Slope), Scalars.One, Scalars.One),
        ActivationKind.Relu6 => x.relu6(),
        ActivationKind.HardSigmoid => HardSigmoid(x, function),
        ActivationKind.Clip => x.clamp(Bound(function.Minimum), Bound(function.Maximum)),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "is no function between layers"),
    };

    private static Tensor HardSigmoid(Tensor x, ActivationFunction function)
    {
        using var sloped = x.mul(Scalars.Of(function.Slope));
        using var line = sloped.add(Scalars.Of(function.Offset), Scalars.One);
        return line.clamp(Scalars.Zero, Scalars.One);
    }

    private static Scalar? Bound(double? value) => value is { } bound ? Scalars.Of(bound) : null;
}
