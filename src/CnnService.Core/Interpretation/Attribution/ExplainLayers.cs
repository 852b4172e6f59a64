using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Selects the layer of a class activation map.</summary>
internal static class ExplainLayers
{
    /// <summary>
    /// The layer named, or the default one, for methods that need a layer. Problem codes: <c>explain.needs-layers</c>,
    /// <c>explain.no-map</c>, <c>layer.not-found</c>.
    /// </summary>
    public static Outcome<ExplainedLayer> Find(LoadedModel model, ExplainMethod method, string? name)
    {
        if (!model.HasLayers)
        {
            return ExplainMethods.NeedsNoLayers(method) ? new ExplainedLayer(null) : NeedsLayers(model, method);
        }

        if (!ExplainMethods.UsesLayer(method))
        {
            return new ExplainedLayer(null);
        }

        string[] names = [.. model.Network.Layers.Where(HasMap).Select(layer => layer.Name)];
        if (names.Length == 0)
        {
            return Problem.Unprocessable(
                "explain.no-map",
                $"The {model.DisplayName} has no layer with maps, which {method.ToWireName()} needs: take saliency, "
                + $"integrated-gradients, occlusion or rise.");
        }

        return name is null ? new ExplainedLayer(Default(model.Network))
            : names.Contains(name) ? new ExplainedLayer(model.Network.Find(name))
            : MissingLayer.Describe(model, name, names, " with maps");
    }

    /// <summary>
    /// The last feature maps before the classifier. Pooling layers and their outputs are skipped, and so is a convolution that computes the
    /// class scores itself: its map of a class does not depend on its other maps.
    /// </summary>
    public static ResolvedLayer Default(ResolvedNetwork network)
    {
        var maps = network.Layers.Where(HasMap).ToArray();
        var scoring = maps.LastOrDefault(layer => layer.Spec is Conv2dLayer);
        var classifier = scoring is not null && network.HasClasses && IsClassifier(network, scoring)
            ? network.Layers.TakeWhile(layer => layer != scoring)
            : network.Layers;
        var candidates =
            classifier.Where(
                layer => HasMap(layer) && layer.Spec is not (PoolingLayer or GlobalPoolingLayer or DropoutLayer or Padding2dLayer))
                .ToArray();
        return candidates.LastOrDefault(layer => layer.OutputShape is { Height: > 1 } or { Width: > 1 }) ?? candidates.LastOrDefault()
            ?? maps[^1];
    }

    private static bool HasMap(ResolvedLayer layer) => layer.OutputShape.IsMap;

    private static bool IsClassifier(ResolvedNetwork network, ResolvedLayer convolution) =>
        convolution.OutputShape.Channels == network.Outputs
        && network.Layers.SkipWhile(layer => layer != convolution).Skip(1)
            .All(layer => layer.Parameters == 0 && layer.Spec is not (AddLayer or ConcatenateLayer or MultiplyLayer));

    private static Problem NeedsLayers(LoadedModel model, ExplainMethod method) => Problem.Unprocessable(
        "explain.needs-layers",
        $"The {model.DisplayName} was imported as a graph that only OnnxRuntime carries out, so that "
        + $"{method.ToWireName()}, which needs its layers, cannot be had: take occlusion or rise.");
}

/// <param name="Layer">Null if the method needs none.</param>
internal readonly record struct ExplainedLayer(ResolvedLayer? Layer);
