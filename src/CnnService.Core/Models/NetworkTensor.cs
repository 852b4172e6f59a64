using CnnService.Core.Architecture;

namespace CnnService.Core.Models;

/// <summary>A tensor that a network needs.</summary>
/// <param name="Layer">The layer it belongs to.</param>
/// <param name="Part">Its role in the layer.</param>
/// <param name="Shape">In the layout of <see cref="NamedWeights"/>.</param>
public sealed record NetworkTensor(ResolvedLayer Layer, TensorPart Part, IReadOnlyList<int> Shape)
{
    /// <summary>The key in <see cref="NamedWeights"/>.</summary>
    public string Name => $"{Layer.Name}.{Suffix(Part)}";

    internal bool BelongsToNormalization => Layer.Spec is BatchNormalizationLayer;

    /// <summary>Whether it has one value for each input of a flattened map, so that its order is that of the map's values.</summary>
    internal bool FollowsInputs => Layer.Spec is BatchNormalizationLayer or LayerNormalizationLayer;

    /// <summary>All tensors of a network, in the order of its layers.</summary>
    /// <exception cref="NotSupportedException">A layer type has parameters that are not listed here.</exception>
    public static IReadOnlyList<NetworkTensor> List(ResolvedNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return [.. network.Layers.SelectMany(List)];
    }

    /// <summary>The tensors of one layer.</summary>
    internal static IReadOnlyList<NetworkTensor> List(ResolvedLayer layer)
    {
        IReadOnlyList<NetworkTensor> tensors = layer.Spec switch
        {
            Conv2dLayer conv => Weighted(
                layer,
                [conv.Filters, layer.InputShapes[0].Channels / conv.Groups, conv.KernelSize.Height, conv.KernelSize.Width],
                conv.UseBias),
            DenseLayer dense => Weighted(layer, [layer.OutputShape.Channels, checked((int)layer.InputShapes[0].Elements)], dense.UseBias),
            BatchNormalizationLayer =>
                [.. Enum.GetValues<TensorPart>().Select(part => new NetworkTensor(layer, part, [layer.OutputShape.Channels]))],
            LayerNormalizationLayer norm => [.. new[] { TensorPart.Weight, TensorPart.Bias }
                .Select(part => new NetworkTensor(layer, part, norm.ParameterShape(layer.InputShapes[0])))],
            PReluLayer => [new(layer, TensorPart.Weight, [layer.OutputShape.Channels])],
            _ => [],
        };

        // Guards against a new layer type being imported without its weights.
        return tensors.Where(tensor => tensor.Part is TensorPart.Weight or TensorPart.Bias).Sum(tensor => Elements(tensor.Shape))
            == layer.Parameters
            ? tensors
            : throw new NotSupportedException(
                $"The tensors of '{layer.Name}', a layer of type {LayerTypes.NameOf(layer.Spec)}, are not known.");
    }

    private static NetworkTensor[] Weighted(ResolvedLayer layer, int[] shape, bool bias)
    {
        var weight = new NetworkTensor(layer, TensorPart.Weight, shape);
        return bias ? [weight, new(layer, TensorPart.Bias, [shape[0]])] : [weight];
    }

    private static long Elements(IReadOnlyList<int> shape) => shape.Aggregate(1L, (product, size) => checked(product * size));

    private static string Suffix(TensorPart part) => part switch
    {
        TensorPart.Weight => "weight",
        TensorPart.Bias => "bias",
        TensorPart.RunningMean => "running_mean",
        TensorPart.RunningVariance => "running_var",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "is not a part"),
    };
}
