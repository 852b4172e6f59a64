using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>A feature map to show of a snapshot, with its names resolved. Immutable.</summary>
/// <param name="Model">The network with the weights of the snapshot.</param>
/// <param name="Layer">A layer of its network.</param>
/// <param name="Filter">Index of the filter.</param>
/// <param name="Scale">Scaling with the default filled in.</param>
internal sealed record TimelapseMap(LoadedModel Model, ResolvedLayer Layer, int Filter, FeatureMapScale Scale)
{
    /// <summary>The part of the timelapse's key that this map decides.</summary>
    public string Key => ContentKey.Create(
        "timelapse-map", ContentKey.Content(Model), Layer.Name, ContentKey.Text(Filter), Scale.ToString());

    /// <param name="model">The network with the weights of the snapshot.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="filter">Index of the filter as received.</param>
    /// <param name="scale">How the map is scaled; null for the default of the layer.</param>
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>.</returns>
    public static Outcome<TimelapseMap> Create(LoadedModel model, string layer, int filter, FeatureMapScale? scale) =>
        LayerLookup.Find(model, layer).Bind(found => LayerLookup.Filters(found, filter, 1)
            .Map(range => new TimelapseMap(model, found, range.First, scale ?? FeatureMapScaling.DefaultFor(found))));
}
