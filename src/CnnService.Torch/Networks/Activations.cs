using CnnService.Core.Architecture;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Activation functions on tensors.</summary>
internal static class Activations
{
    /// <summary>
    /// Returns a new tensor. Softmax is not handled: it occurs only in the last layer, whose logits are returned as they are.
    /// </summary>
    /// <param name="x">The preactivation, any shape.</param>
    /// <param name="mayOverwrite">
    /// Whether <paramref name="x"/> has no other user and the backward pass of the operation that made it does not read it: true for
    /// convolutions, dense layers, normalizations and sums. In-place ReLU saves a fifth of the forward pass.
    /// </param>
    internal static Tensor Apply(ActivationFunction function, Tensor x, bool mayOverwrite) => function.Kind switch
    {
        ActivationKind.Linear => x.alias(),
        ActivationKind.Relu => mayOverwrite ? x.relu_().alias() : x.relu(),
        ActivationKind.LeakyRelu => x.leaky_relu(OwnedScalars.Create(function.Slope)),
        ActivationKind.Sigmoid => x.sigmoid(),
        ActivationKind.Tanh => x.tanh(),
        ActivationKind.Gelu => nn.functional.gelu(x),
        ActivationKind.GeluTanh => GeluTanh(x),
        ActivationKind.Silu => x.silu(),
        ActivationKind.HardSwish => x.hardswish(),
        ActivationKind.Elu => x.elu(OwnedScalars.Create(function.Slope), OwnedScalars.One, OwnedScalars.One),
        ActivationKind.Selu => x.selu(),
        ActivationKind.Mish => nn.functional.mish(x),
        ActivationKind.Relu6 => x.relu6(),
        ActivationKind.HardSigmoid => HardSigmoid(x, function),
        ActivationKind.Clip => x.clamp(Bound(function.Minimum), Bound(function.Maximum)),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "is no function between layers"),
    };

    private static Tensor GeluTanh(Tensor x)
    {
        using var scope = NewDisposeScope();
        var factor = x.mul(x).mul(OwnedScalars.Create(ActivationFunction.GeluScale * ActivationFunction.GeluCubic))
            .add(OwnedScalars.Create(ActivationFunction.GeluScale), OwnedScalars.One);
        var share = x.mul(factor).tanh().add(OwnedScalars.One, OwnedScalars.One);
        return x.mul(share).mul(OwnedScalars.Create(0.5)).MoveToOuterDisposeScope();
    }

    private static Tensor HardSigmoid(Tensor x, ActivationFunction function)
    {
        using var sloped = x.mul(OwnedScalars.Create(function.Slope));
        using var line = sloped.add(OwnedScalars.Create(function.Offset), OwnedScalars.One);
        return line.clamp(OwnedScalars.Zero, OwnedScalars.One);
    }

    private static Scalar? Bound(double? value) => value is { } bound ? OwnedScalars.Create(bound) : null;
}
