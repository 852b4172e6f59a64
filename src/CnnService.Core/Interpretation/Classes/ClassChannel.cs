using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation.Classes;

/// <summary>
/// The channel of linear values that a class is read from. If a ReLU and a global mean follow the last convolution, this is the
/// convolution's map before the ReLU: behind it a silent class has no gradient to ascend.
/// </summary>
/// <param name="Layer">The layer with the channel.</param>
/// <param name="Filter">Index of the channel.</param>
/// <param name="Direction">-1 for class 0 of a single sigmoid output, whose evidence is the negated logit; else 1.</param>
internal sealed record ClassChannel(ResolvedLayer Layer, int Filter, int Direction)
{
    public static ClassChannel Resolve(ResolvedNetwork network, int index)
    {
        var layer = network.Output;
        while (PassesThrough(network, layer) && network.Find(layer.Inputs[0]) is { } before
            && before.OutputShape.Channels == network.Outputs)
        {
            layer = before;
        }

        var target = HasWeights(layer) ? layer : network.Output;
        return network.IsSigmoid ? new(target, 0, index == 0 ? -1 : 1) : new(target, index, 1);
    }

    /// <summary>True for layers that pass the previous values on, per cell or as a mean.</summary>
    private static bool PassesThrough(ResolvedNetwork network, ResolvedLayer layer) => layer.Spec switch
    {
        ActivationLayer => network.ActivationOf(layer) is ActivationKind.Linear or ActivationKind.Relu,
        GlobalAveragePooling2dLayer or DropoutLayer => true,
        FlattenLayer => layer.InputShapes[0] is { Height: 1, Width: 1 },
        _ => false,
    };

    private static bool HasWeights(ResolvedLayer layer) => layer.Spec is Conv2dLayer or DenseLayer;
}
