using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Drawing.Networks;

/// <summary>
/// Draws the architecture of a network: a sequential one as blocks whose height follows the feature map's size and whose width follows its
/// channels; a branching one as a table with its connections.
/// </summary>
public static class NetworkDrawing
{
    /// <summary>Maximum number of layers; a diagram of more would be too large to look at.</summary>
    public const int MaxLayers = 250;

    /// <param name="network">At most <see cref="MaxLayers"/> layers.</param>
    /// <param name="name">Shown in the title.</param>
    public static PixelBuffer Draw(ResolvedNetwork network, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(network.Layers.Count, MaxLayers);
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
