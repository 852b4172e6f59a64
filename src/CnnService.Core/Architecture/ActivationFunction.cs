namespace CnnService.Core.Architecture;

/// <summary>An activation function with its numbers.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Slope">Of <see cref="ActivationKind.LeakyRelu"/>, <see cref="ActivationKind.Elu"/> and <see cref="ActivationKind.HardSigmoid"/>.</param>
/// <param name="Offset">Of <see cref="ActivationKind.HardSigmoid"/>.</param>
/// <param name="Minimum">Of <see cref="ActivationKind.Clip"/>; null: no bound.</param>
/// <param name="Maximum">As <paramref name="Minimum"/>.</param>
public readonly record struct ActivationFunction(ActivationKind Kind, double Slope, double Offset, double? Minimum, double? Maximum)
{
    public static ActivationFunction Linear { get; } = Of(ActivationKind.Linear);

    /// <summary>The function with its usual numbers.</summary>
    public static ActivationFunction Of(ActivationKind kind) => new(kind, UsualSlope(kind), 0.5, null, null);

    /// <summary>The function a layer is written with.</summary>
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
