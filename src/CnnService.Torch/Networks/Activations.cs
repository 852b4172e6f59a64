using CnnService.Core.Architecture;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>Activation functions on tensors.</summary>
internal static class Activations
{
    private const double LeakySlope = 0.1;

    /// <summary>A new tensor; softmax runs over dimension 1.</summary>
    internal static Tensor Apply(ActivationKind kind, Tensor x) => kind switch
    {
        ActivationKind.Linear => x.alias(),
        ActivationKind.Relu => x.relu(),
        ActivationKind.LeakyRelu => x.leaky_relu(LeakySlope),
        ActivationKind.Sigmoid => x.sigmoid(),
        ActivationKind.Tanh => x.tanh(),
        ActivationKind.Gelu => nn.functional.gelu(x),
        ActivationKind.Silu => x.silu(),
        ActivationKind.HardSwish => x.hardswish(),
        ActivationKind.Elu => nn.functional.elu(x, 1),
        ActivationKind.Relu6 => x.relu6(),
        ActivationKind.Softmax => nn.functional.softmax(x, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown activation function"),
    };

    /// <summary>The activation function a layer ends in.</summary>
    internal static ActivationKind Of(LayerSpec layer) => layer switch
    {
        ActivatedLayer activated => activated.Activation,
        ActivationLayer activation => activation.Activation,
        _ => ActivationKind.Linear,
    };

    /// <summary>Whether it turns logits into probabilities when it stands at the end.</summary>
    internal static bool IsProbability(ActivationKind kind) => kind is ActivationKind.Sigmoid or ActivationKind.Softmax;
}
