namespace CnnService.Torch.Networks;

/// <summary>What dropout and batch normalization do.</summary>
internal enum ForwardMode
{
    /// <summary>Dropout off, running statistics used.</summary>
    Evaluation,

    /// <summary>Dropout on, batch statistics used and gathered.</summary>
    Training,
}

/// <summary>Where in a layer its value is taken.</summary>
internal enum TapPoint
{
    /// <summary>Before its activation function.</summary>
    Preactivation,

    /// <summary>After its activation function, which may be none.</summary>
    Activation,
}
