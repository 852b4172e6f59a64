namespace CnnService.Core.Architecture;

/// <summary>An element-wise activation function together with its parameters.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Slope">Used by <see cref="ActivationKind.LeakyRelu"/>, <see cref="ActivationKind.Elu"/> and <see
/// cref="ActivationKind.HardSigmoid"/>; ignored by the others.</param>
/// <param name="Offset">Used by <see cref="ActivationKind.HardSigmoid"/> only.</param>
/// <param name="Minimum">Lower bound of <see cref="ActivationKind.Clip"/>; null: unbounded below.</param>
/// <param name="Maximum">Upper bound of <see cref="ActivationKind.Clip"/>; null: unbounded above.</param>
public readonly record struct ActivationFunction(ActivationKind Kind, double Slope, double Offset, double? Minimum, double? Maximum)
{
    /// <summary>The slope of <see cref="ActivationKind.Selu"/>'s exponential, before scaling.</summary>
    public const double SeluAlpha = 1.6732632423543772;

    /// <summary>The scale of <see cref="ActivationKind.Selu"/>: with it, activations keep mean 0 and deviation 1.</summary>
    public const double SeluScale = 1.0507009873554805;

    /// <summary>The factor of <see cref="ActivationKind.GeluTanh"/> inside the tanh: √(2/π).</summary>
    public const double GeluScale = 0.7978845608028654;

    /// <summary>The share of the cube in <see cref="ActivationKind.GeluTanh"/>.</summary>
    public const double GeluCubic = 0.044715;

    public static ActivationFunction Linear { get; } = Create(ActivationKind.Linear);

    /// <summary>The function with its default parameters.</summary>
    public static ActivationFunction Create(ActivationKind kind) => new(kind, DefaultSlope(kind), 0.5, null, null);

    /// <summary>The activation a layer applies; linear for layers that have none.</summary>
    public static ActivationFunction Create(LayerSpec layer) => layer switch
    {
        ActivatedLayer activated => Create(activated.Activation),
        ActivationLayer { Activation: var kind } own =>
            new(kind, own.Slope ?? DefaultSlope(kind), own.Offset ?? 0.5, own.Minimum, own.Maximum),
        _ => Linear,
    };

    private static double DefaultSlope(ActivationKind kind) => kind switch
    {
        ActivationKind.LeakyRelu => 0.1,
        ActivationKind.HardSigmoid => 1.0 / 6,
        _ => 1,
    };
}
