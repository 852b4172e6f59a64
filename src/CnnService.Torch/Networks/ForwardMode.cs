namespace CnnService.Torch.Networks;

/// <summary>How dropout and batch normalization behave in a forward pass.</summary>
internal enum ForwardMode
{
    /// <summary>Dropout off; batch normalization uses the running statistics.</summary>
    Evaluation,

    /// <summary>Dropout on; batch normalization uses the batch's statistics and updates the running ones.</summary>
    Training,
}

/// <summary>At which point of a layer its value is taken.</summary>
internal enum TapPoint
{
    /// <summary>Before its activation function.</summary>
    Preactivation,

    /// <summary>After its activation function; the same as the preactivation if it has none.</summary>
    Activation,
}
