using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Networks;

/// <summary>
/// A network as a picture: a chain of layers as blocks whose height follows the map and whose width follows the channels; one that
/// branches as a table with its connections.
/// </summary>
public static class NetworkDrawing
{
    /// <summary>Layers up to which a network is drawn; a picture of more would be too large to look at.</summary>
    public const int MostLayers = 250;

    /// <param name="network">Of at most <see cref="MostLayers"/> layers.</param>
    /// <param name="name">Stands above.</param>
    public static PixelBuffer Draw(ResolvedNetwork network, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(network.Layers.Count, MostLayers);
        var title = LayerText.Title(network, name);
        return IsChain(network) ? NetworkBlocks.Draw(network, title) : NetworkTable.Draw(network, title);
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
