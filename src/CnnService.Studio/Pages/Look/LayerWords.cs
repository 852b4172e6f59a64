using System.Globalization;
using CnnService.Client;

namespace CnnService.Studio.Pages.Look;

/// <summary>What a layer is, in words, with the field's term behind them.</summary>
internal static class LayerWords
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["conv2d"] = "Filters slide over the maps before (convolution)",
        ["maxPooling2d"] = "Keeps the largest of each block (max pooling)",
        ["averagePooling2d"] = "Keeps the mean of each block (average pooling)",
        ["globalAveragePooling2d"] = "Keeps the mean of each whole map (global average pooling)",
        ["globalMaxPooling2d"] = "Keeps the largest of each whole map (global max pooling)",
        ["batchNormalization"] = "Brings each map to the same scale (batch normalization)",
        ["activation"] = "A bend between the sums (activation function)",
        ["dropout"] = "Leaves out numbers at random, in training only (dropout)",
        ["flatten"] = "Writes all maps into one row (flatten)",
        ["dense"] = "Each number weighs all before it (dense, fully connected)",
        ["add"] = "Adds maps of two ways (residual connection)",
        ["concatenate"] = "Stacks the maps of several ways (concatenate)",
    };

    /// <summary>The kind of layer.</summary>
    public static string OfType(string type) => Types.GetValueOrDefault(type, type);

    /// <summary>What comes out, what a cell sees, how many weights it has.</summary>
    public static string OfFigures(LayerSummary layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var shape = layer.OutputShape switch
        {
            [var channels, var height, var width] => $"{channels} {(channels == 1 ? "map" : "maps")} of {height} × {width}",
            [var length] => $"a row of {length} {(length == 1 ? "number" : "numbers")}",
            var other => string.Join(" × ", other),
        };
        var field = layer.ReceptiveField is [var tall, var wide] ? $"; each cell sees {tall} × {wide} pixels (receptive field)" : null;
        var weights = layer.Parameters > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; {layer.Parameters:N0} weights to learn (parameters)")
            : null;
        return $"{shape}{field}{weights}.";
    }
}
