using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Visualize;

/// <summary>The layers of a model that can be visualized.</summary>
internal sealed record VisualLayers(string Model, int Version, IReadOnlyList<VisualLayerLink> Layers)
{
    public static VisualLayers List(LoadedModel model) => new(
        model.Name, model.Version,
        [.. LayerLookup.List(model.Network).Select(layer => VisualLayerLink.From(model, layer))]);
}

/// <summary>A layer and links to its visualizations.</summary>
internal sealed record VisualLayerLink(
    string Name, string Type, int Filters, IReadOnlyList<int> MapSize, IReadOnlyDictionary<string, string> Links)
{
    public static VisualLayerLink From(LoadedModel model, VisualLayer layer)
    {
        var (path, query) = ($"/visualize/{layer.Name}", $"?model={model.Name}:{model.Version}");
        var links = new Dictionary<string, string>
        {
            ["patterns"] = $"{path}{query}",
            ["pattern"] = $"{path}/{{filter}}{query}",
            ["featureMaps"] = $"{path}/feature-maps{query}&image={{dataset}}/{{id}}",
            ["examples"] = $"{path}/{{filter}}/examples{query}",
            ["statistics"] = $"{path}/statistics{query}",
            ["receptiveField"] = $"{path}/receptive-field{query}",
            ["projection"] = $"{path}/projection{query}",
        };
        if (layer.Type == "conv2d")
        {
            links["kernels"] = $"{path}/kernels{query}";
        }

        return new(layer.Name, layer.Type, layer.Filters, layer.MapSize, links);
    }
}
