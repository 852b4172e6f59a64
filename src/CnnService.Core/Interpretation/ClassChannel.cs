using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation;

/// <summary>
/// The last linear values that a class is read from. Where a rectifier and a mean over the map follow the last convolution, its maps before
/// the rectifier: behind it a silent class has no slope to climb.
/// </summary>
/// <param name="Layer">Whose channels they are.</param>
/// <param name="Filter">The class's channel.</param>
/// <param name="Direction">-1 for class 0 of a single sigmoid output.</param>
internal sealed record ClassChannel(ResolvedLayer Layer, int Filter, int Direction)
{
    public static ClassChannel Resolve(ResolvedNetwork network, int index)
    {
        var layer = network.Output;
        while (HandsOn(network, layer) && network.Find(layer.Inputs[0]) is { } before && before.OutputShape.Channels == network.Outputs)
        {
            layer = before;
        }

        var target = HasSlope(layer) ? layer : network.Output;
        return network.IsSigmoid ? new(target, 0, index == 0 ? -1 : 1) : new(target, index, 1);
    }

    /// <summary>Only says again, cell by cell or as a mean, what the layer before it says.</summary>
    private static bool HandsOn(ResolvedNetwork network, ResolvedLayer layer) => layer.Spec switch
    {
        ActivationLayer => network.ActivationOf(layer) is ActivationKind.Linear or ActivationKind.Relu,
        GlobalAveragePooling2dLayer or DropoutLayer => true,
        FlattenLayer => layer.InputShapes[0] is { Height: 1, Width: 1 },
        _ => false,
    };

    private static bool HasSlope(ResolvedLayer layer) => layer.Spec is Conv2dLayer or DenseLayer;
}
