namespace CnnService.Core.Architecture;

/// <summary>Activation functions.</summary>
public enum ActivationKind
{
    Linear,
    Relu,

    /// <summary>max(x, slope·x); slope 0.1 unless an activation layer sets it.</summary>
    LeakyRelu,
    Sigmoid,
    Tanh,

    /// <summary>x·Φ(x), exact (erf).</summary>
    Gelu,

    /// <summary>x·sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x·clip(x/6 + 1/2, 0, 1).</summary>
    HardSwish,

    /// <summary>Exponential linear unit: slope·(e^x − 1) below zero; slope 1 unless an activation layer sets it.</summary>
    Elu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>clip(slope·x + offset, 0, 1); slope 1/6 and offset 1/2 unless an activation layer sets them.</summary>
    HardSigmoid,

    /// <summary>min(max(x, minimum), maximum); only as an activation layer, which carries the bounds.</summary>
    Clip,

    /// <summary>Scaled exponential linear unit (Klambauer et al., 2017): 1.0507·x, and 1.0507·1.6733·(e^x − 1) below zero.</summary>
    Selu,

    /// <summary>x·tanh(ln(1 + e^x)) (Misra, 2019).</summary>
    Mish,

    /// <summary>Gelu as approximated by tanh: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    GeluTanh,

    /// <summary>Allowed on the last layer only, where it turns logits into class probabilities.</summary>
    Softmax,
}
