using System.Globalization;
using CnnService.Core.Architecture;
using CnnService.Core.Drawing.Figures;

namespace CnnService.Core.Drawing.Networks;

/// <summary>
/// Draws the architecture of a network: a short sequential one as blocks whose height follows the feature map's size and whose width
/// follows its channels; any other as cards with its branches beside each other and repeated blocks drawn once.
/// </summary>
public static class NetworkDrawing
{
    /// <summary>Maximum number of layers; a diagram of more would be too large to look at.</summary>
    public const int MaxLayers = 250;

    /// <summary>Longer sequences are drawn as cards, which take less room.</summary>
    private const int MaxBlocks = 26;

    private const double LegendWidth = 900;

    /// <param name="network">At most <see cref="MaxLayers"/> layers.</param>
    /// <param name="name">Shown in the title.</param>
    public static Figure Create(ResolvedNetwork network, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(network.Layers.Count, MaxLayers);
        var isShort = network.Layers.Count <= MaxBlocks && IsChain(network);
        var title = LayerText.Title(network, name);
        var segments = NetworkSegment.Cut(NetworkNode.Fold(network));
        var layers = network.Layers.Count.ToString(CultureInfo.InvariantCulture);
        return new()
        {
            Title = title,
            Subtitle = $"{layers} layers; shapes are height × width × channels.",
            Description = $"{title}. {layers} layers: " + string.Join(", ", network.Layers.CountBy(layer => LayerTypes.NameOf(layer.Spec))
                .OrderByDescending(kind => kind.Value).Select(kind => $"{kind.Value} {kind.Key}")) + ".",
            Notes = isShort || segments.All(segment => segment.Times == 1)
                ? []
                : ["A frame holds a block; one that stands several times in a row is drawn once, with the names of its first layers."],
            Content = new Stack(
            [
                NetworkInk.Legend(
                    isShort
                        ? network.Layers.Select(layer => layer.Spec)
                        : segments.SelectMany(segment => segment.Nodes).Select(node => node.Node.Main),
                    LegendWidth),
                isShort ? NetworkBlocks.Create(network) : new NetworkCards(segments, network.Spec.Input.Shape),
            ], 18),
        };
    }

    private static bool IsChain(ResolvedNetwork network)
    {
        var before = NetworkSpec.InputName;
        foreach (var layer in network.Layers)
        {
            if (layer.Inputs is not [var only] || only != before)
            {
                return false;
            }

            before = layer.Name;
        }

        return true;
    }
}
