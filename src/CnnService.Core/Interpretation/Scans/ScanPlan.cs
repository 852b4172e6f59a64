using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>A layer, and the images to run it on. Immutable.</summary>
public sealed class ScanPlan
{
    private ScanPlan(LoadedModel model, ResolvedLayer layer, ScanSource source) => (Model, Layer, Source) = (model, layer, source);

    /// <summary>The images to scan.</summary>
    public ScanSource Source { get; }

    /// <summary>Key of the scan's result, hex.</summary>
    public string Key => ContentKey.Create(
        "scan", ContentKey.Content(Model), Model.Name, ContentKey.Text(Model.Version), Layer.Name, Source.Key);

    internal LoadedModel Model { get; }

    internal ResolvedLayer Layer { get; }

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="source">The images to scan.</param>
    /// <returns>Problem code: <c>layer.not-found</c>.</returns>
    public static Outcome<ScanPlan> Create(LoadedModel model, string layer, ScanSource source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        return LayerLookup.Find(model, layer).Map(found => new ScanPlan(model, found, source));
    }
}
