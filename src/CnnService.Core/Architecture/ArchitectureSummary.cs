namespace CnnService.Core.Architecture;

/// <summary>The layer table of a network, ready for JSON.</summary>
/// <param name="Input">The picture, <c>[channels, height, width]</c>.</param>
/// <param name="Classes">The classes it tells apart.</param>
/// <param name="Layers">In their order.</param>
/// <param name="Totals">Over all layers.</param>
public sealed record ArchitectureSummary(
    IReadOnlyList<int> Input, int Classes, IReadOnlyList<LayerSummary> Layers, ArchitectureTotals Totals)
{
    private const int BytesPerValue = sizeof(float);

    public static ArchitectureSummary Of(ResolvedNetwork network)
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

/// <param name="Name">Unique.</param>
/// <param name="Type">As in the network's JSON.</param>
/// <param name="Inputs">The layers it takes; <c>input</c> is the picture.</param>
/// <param name="OutputShape"><c>[channels, height, width]</c>, or <c>[length]</c> of a vector.</param>
/// <param name="Parameters">Trainable ones.</param>
/// <param name="MultiplyAdds">For one picture: <c>k*k*Cin/g*Cout*H*W</c> of a convolution, <c>in*out</c> of a dense layer, else 0.</param>
/// <param name="ReceptiveField">Pixels, height and width; null: the whole picture.</param>
/// <param name="Jump">Pixels between neighbouring cells; null: the whole picture.</param>
public sealed record LayerSummary(
    string Name,
    string Type,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<int> OutputShape,
    long Parameters,
    long MultiplyAdds,
    Size2? ReceptiveField,
    Size2? Jump);

/// <param name="Parameters">Trainable ones.</param>
/// <param name="MultiplyAdds">For one picture.</param>
/// <param name="WeightBytes">Of the parameters, as float32.</param>
/// <param name="ActivationBytes">Of the picture and every layer's output for it, as float32.</param>
public sealed record ArchitectureTotals(long Parameters, long MultiplyAdds, long WeightBytes, long ActivationBytes);
