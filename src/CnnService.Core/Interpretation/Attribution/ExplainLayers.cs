using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>The layer that a class activation map is taken from.</summary>
internal static class ExplainLayers
{
    /// <summary>A layer with maps, for methods that need one. Problem codes: <c>explain.needs-layers</c>, <c>explain.no-map</c>,
    /// <c>layer.not-found</c>.</summary>
    public static Outcome<ExplainedLayer> Find(LoadedModel model, ExplainMethod method, string? name)
    {
        if (!model.HasLayers)
        {
            return ExplainMethods.NeedsNoLayers(method) ? new ExplainedLayer(null) : NeedsLayers(model, method);
        }

        if (!ExplainMethods.IsOfALayer(method))
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

        return name is null ? new ExplainedLayer(Usual(model.Network))
            : names.Contains(name) ? new ExplainedLayer(name)
            : MissingLayer.Describe(model, name, names, " with maps");
    }

    /// <summary>
    /// The last map before the classifier: neither a pooling nor what a pooling gave, and not the convolution that scores the classes
    /// itself, whose map of a class depends on nothing beside it.
    /// </summary>
    public static string Usual(ResolvedNetwork network)
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
        return (candidates.LastOrDefault(layer => layer.OutputShape is { Height: > 1 } or { Width: > 1 }) ?? candidates.LastOrDefault()
            ?? maps[^1]).Name;
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

/// <param name="Name">Null: none is needed.</param>
internal readonly record struct ExplainedLayer(string? Name);
