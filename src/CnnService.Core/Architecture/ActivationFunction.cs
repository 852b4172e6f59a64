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
    public static ActivationFunction Linear { get; } = Of(ActivationKind.Linear);

    /// <summary>The function with its default parameters.</summary>
    public static ActivationFunction Of(ActivationKind kind) => new(kind, UsualSlope(kind), 0.5, null, null);

    /// <summary>The activation a layer applies; linear for layers that have none.</summary>
    public static ActivationFunction Of(LayerSpec layer) => layer switch
    {
        ActivatedLayer activated => Of(activated.Activation),
        ActivationLayer { Activation: var kind } own => new(kind, own.Slope ?? UsualSlope(kind), own.Offset ?? 0.5, own.Minimum, own.Maximum),
        _ => Linear,
    };

    private static double UsualSlope(ActivationKind kind) => kind switch
    {
        ActivationKind.LeakyRelu => 0.1,
        ActivationKind.HardSigmoid => 1.0 / 6,
        _ => 1,
    };
}
