namespace CnnService.Core.Architecture;

/// <summary>The layer table of a network, ready for JSON.</summary>
/// <param name="Input">Shape of the input image, <c>[channels, height, width]</c>.</param>
/// <param name="Classes">Number of classes; 0 for a network without a classifier.</param>
/// <param name="Layers">In execution order.</param>
/// <param name="Totals">Sums over all layers.</param>
public sealed record ArchitectureSummary(
    IReadOnlyList<int> Input, int Classes, IReadOnlyList<LayerSummary> Layers, ArchitectureTotals Totals)
{
    private const int BytesPerValue = sizeof(float);

    public static ArchitectureSummary Create(ResolvedNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var values = network.Layers.Aggregate(network.Spec.Input.Shape.Elements, (sum, layer) => sum + layer.OutputShape.Elements);
        var parameters = network.Layers.Sum(layer => layer.Parameters);
        return new(
            Dimensions(network.Spec.Input.Shape),
            network.Classes,
            [.. network.Layers.Select(Row)],
            new(
                parameters,
                network.Layers.Sum(layer => layer.MultiplyAdds),
                parameters * BytesPerValue,
                values * BytesPerValue));
    }

    private static LayerSummary Row(ResolvedLayer layer) => new(
        layer.Name,
        LayerTypes.NameOf(layer.Spec),
        layer.Inputs,
        Dimensions(layer.OutputShape),
        layer.Parameters,
        layer.MultiplyAdds,
        layer.Field?.Size,
        layer.Field?.Jump);

    private static int[] Dimensions(TensorShape shape) =>
        shape.IsMap ? [shape.Channels, shape.Height, shape.Width] : [shape.Channels];
}

/// <param name="Name">Unique in the network.</param>
/// <param name="Type">Layer type, as in the network's JSON.</param>
/// <param name="Inputs">Names of the layers it takes as input; <c>input</c> is the image.</param>
/// <param name="OutputShape"><c>[channels, height, width]</c> of a feature map, <c>[length]</c> of a vector.</param>
/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="MultiplyAdds">Per image, of convolutions and dense layers.</param>
/// <param name="ReceptiveField">Height and width in pixels; null: the whole image.</param>
/// <param name="Jump">Distance in pixels between the receptive fields of neighbouring cells; null: the whole image.</param>
public sealed record LayerSummary(
    string Name,
    string Type,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<int> OutputShape,
    long Parameters,
    long MultiplyAdds,
    Size2? ReceptiveField,
    Size2? Jump);

/// <param name="Parameters">Number of trainable parameters.</param>
/// <param name="MultiplyAdds">Per image.</param>
/// <param name="WeightBytes">Size of the trainable parameters as float32.</param>
/// <param name="ActivationBytes">Size of the image and of every layer's output for it, as float32.</param>
public sealed record ArchitectureTotals(long Parameters, long MultiplyAdds, long WeightBytes, long ActivationBytes);
