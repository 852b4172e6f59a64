using CnnService.Core.Architecture;

namespace CnnService.Core.Drawing.Networks;

/// <summary>A layer in a network diagram, with those that follow it and only change its values.</summary>
/// <param name="Layers">At least one; none is the input image.</param>
/// <param name="Inputs">Indexes of the nodes it takes, in order; the image is node 0.</param>
internal sealed record NetworkNode(IReadOnlyList<ResolvedLayer> Layers, IReadOnlyList<int> Inputs)
{
    /// <summary>The layer that gives the node its colour; null for the image.</summary>
    public LayerSpec? Main => Layers.Select(layer => layer.Spec).FirstOrDefault(spec => !IsPlate(spec))
        ?? (Layers is [var first, ..] ? first.Spec : null);

    public string Kind => Layers.Count == 0
        ? "image"
        : string.Join(", ", Layers.Select(layer => LayerText.Kind(layer.Spec)).Where(kind => kind.Length > 0));

    /// <summary>Folds a network: normalization, activation, dropout and padding go with the layer that they belong to.</summary>
    public static IReadOnlyList<NetworkNode> Fold(ResolvedNetwork network)
    {
        var consumers = network.Layers.SelectMany(layer => layer.Inputs).CountBy(name => name)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        List<NetworkNode> nodes = [new([], [])];
        var makers = new Dictionary<string, int>(StringComparer.Ordinal) { [NetworkSpec.InputName] = 0 };
        foreach (var layer in network.Layers)
        {
            int[] inputs = [.. layer.Inputs.Select(name => makers[name])];
            if (inputs is [var before and > 0] && consumers[layer.Inputs[0]] == 1 && nodes[before].Takes(layer))
            {
                nodes[before] = nodes[before] with { Layers = [.. nodes[before].Layers, layer] };
                makers[layer.Name] = before;
                continue;
            }

            makers[layer.Name] = nodes.Count;
            nodes.Add(new([layer], inputs));
        }

        return nodes;
    }

    private static bool IsPlate(LayerSpec spec) =>
        spec is BatchNormalizationLayer or LayerNormalizationLayer or LocalResponseNormalizationLayer or ActivationLayer or PReluLayer
            or DropoutLayer or Padding2dLayer;

    private bool Takes(ResolvedLayer next) => (IsPlate(next.Spec) && next.Spec is not Padding2dLayer)
        || (Layers.All(layer => layer.Spec is Padding2dLayer) && next.Spec is Conv2dLayer or PoolingLayer);
}
