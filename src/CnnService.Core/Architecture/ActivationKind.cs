namespace CnnService.Core.Architecture;

/// <summary>Activation functions, by their field's names.</summary>
public enum ActivationKind
{
    Linear,
    Relu,

    /// <summary>Slope 0.1 below zero, unless an activation layer says otherwise.</summary>
    LeakyRelu,
    Sigmoid,
    Tanh,

    /// <summary>x·Φ(x), exact (erf).</summary>
    Gelu,

    /// <summary>x·sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x·clip(x/6 + 1/2, 0, 1).</summary>
    HardSwish,

    /// <summary>Exponential linear unit: slope·(e^x − 1) below zero, slope 1 unless an activation layer says otherwise.</summary>
    Elu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>clip(slope·x + offset, 0, 1), slope 1/6 and offset 1/2 unless an activation layer says otherwise.</summary>
    HardSigmoid,

    /// <summary>min(max(x, minimum), maximum); only as an activation layer, which gives the bounds.</summary>
    Clip,

    /// <summary>Only on the last layer: the network's probabilities.</summary>
    Softmax,
}
