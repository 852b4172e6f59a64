namespace CnnService.Core.Architecture;

/// <summary>Activation functions, by their field's names.</summary>
public enum ActivationKind
{
    Linear,
    Relu,

    /// <summary>Slope 0.1 below zero.</summary>
    LeakyRelu,
    Sigmoid,
    Tanh,

    /// <summary>x·Φ(x), exact (erf).</summary>
    Gelu,

    /// <summary>x·sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x·clip(x/6 + 1/2, 0, 1).</summary>
    HardSwish,

    /// <summary>Exponential linear unit, alpha 1.</summary>
    Elu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>Only on the last layer: the network's probabilities.</summary>
    Softmax,
}
