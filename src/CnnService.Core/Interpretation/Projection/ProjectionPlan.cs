using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>A validated request for a projection of a data set. Immutable.</summary>
public sealed class ProjectionPlan
{
    /// <summary>Incremented when the same request gives another projection.</summary>
    private const string Revision = "projection-2";

    private ProjectionPlan(LoadedModel model, ResolvedLayer layer, ScanSource source, ProjectionRequest request, string tableKey) =>
        (Model, Layer, Source, Request, TableKey) = (model, layer, source, request, tableKey);

    /// <summary>Entity tag of the projection, hex.</summary>
    public string ETag => ContentKey.Create(Revision, TableKey, Source.Dataset.Name, Request.Key);

    internal LoadedModel Model { get; }

    internal ResolvedLayer Layer { get; }

    internal ScanSource Source { get; }

    internal ProjectionRequest Request { get; }

    /// <summary>Key of the layer's features, which both methods share.</summary>
    internal string TableKey { get; }

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="source">The images to project.</param>
    /// <param name="request">Method and seed.</param>
    /// <returns>Problem code: <c>layer.not-found</c>.</returns>
    public static Outcome<ProjectionPlan> Create(LoadedModel model, string layer, ScanSource source, ProjectionRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(request);
        return VisualLayers.Find(model, layer).Bind(found =>
            LayerScanner.Tag(model, layer, source).Map(key => new ProjectionPlan(model, found, source, request, key)));
    }
}
