using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization.Explaining;

/// <summary>Finds the class and the layer that a request names.</summary>
internal static class ExplainTarget
{
    /// <summary>The class of a name, or of an index. Problem code: <c>class.not-found</c>, with the names.</summary>
    public static Outcome<int> Class(LoadedModel model, string named)
    {
        var classes = model.Manifest.Classes;
        var found = classes.ToList().IndexOf(named);
        if (found < 0 && int.TryParse(named, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) && index < classes.Count)
        {
            found = index;
        }

        return found >= 0 ? found : Problem.NotFound(
            "class.not-found",
            $"The model '{model.Name}:{model.Version}' has no class '{named}'; it has {string.Join(", ", classes.Take(20))}{(classes.Count > 20 ? $" and {classes.Count - 20} more" : string.Empty)}.") with
        {
            Data = new Dictionary<string, object?> { ["classes"] = classes },
        };
    }

    /// <summary>A layer with maps that the output depends on: the one named, or the last before the classifier.</summary>
    public static Outcome<ResolvedLayer> Layer(LoadedModel model, string? named)
    {
        if (named is null)
        {
            return Last(model.Network) ?? (Outcome<ResolvedLayer>)Problem.Unprocessable("explain.no-maps", "The network has no layer with maps: choose saliency, integrated-gradients, occlusion or rise.");
        }

        var layer = VisualLayers.Find(model, named);
        return layer.Succeeded && !Leading(model.Network).Contains(layer.Value.Name)
            ? Problem.Unprocessable("explain.layer-unused", $"The network's answer does not depend on the layer '{named}'.")
            : layer.Succeeded && !layer.Value.OutputShape.IsMap
                ? Problem.Unprocessable("explain.no-maps", $"The layer '{named}' gives a vector: choose one with maps, such as {Last(model.Network)?.Name ?? "a convolution"}.")
                : layer;
    }

    /// <summary>The last convolution, and what normalizes, joins or bends its maps before they are pooled or flattened.</summary>
    private static ResolvedLayer? Last(ResolvedNetwork network)
    {
        var leading = Leading(network);
        var last = network.Layers.LastOrDefault(layer => layer.Spec is Conv2dLayer && leading.Contains(layer.Name) && HasCells(layer));
        last ??= network.Layers.LastOrDefault(layer => leading.Contains(layer.Name) && HasCells(layer));
        while (last is not null && network.Layers.Where(layer => layer.Inputs.Contains(last.Name)).ToArray() is [var next] && KeepsCells(next) && HasCells(next))
        {
            last = next;
        }

        return last;
    }

    private static bool HasCells(ResolvedLayer layer) => layer.OutputShape is { IsMap: true, Height: var height, Width: var width } && height * width > 1;

    private static bool KeepsCells(ResolvedLayer layer) =>
        layer.Spec is BatchNormalizationLayer or ActivationLayer or PReluLayer or AddLayer or MultiplyLayer or ConcatenateLayer or DropoutLayer;

    private static HashSet<string> Leading(ResolvedNetwork network)
    {
        var leading = new HashSet<string>(StringComparer.Ordinal) { network.Output.Name };
        foreach (var layer in network.Layers.Reverse().Where(layer => leading.Contains(layer.Name)))
        {
            leading.UnionWith(layer.Inputs);
        }

        return leading;
    }
}
