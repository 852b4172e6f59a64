using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>A request for a map of a data set, found sound. Immutable.</summary>
public sealed class ProjectionPlan
{
    /// <summary>Raised when the same request gives another map.</summary>
    private const string Revision = "projection-2";

    private ProjectionPlan(LoadedModel model, ResolvedLayer layer, ScanSource source, ProjectionRequest request, string tableKey) =>
        (Model, Layer, Source, Request, TableKey) = (model, layer, source, request, tableKey);

    /// <summary>Of the map.</summary>
    public string ETag => ContentKey.Create(Revision, TableKey, Source.Dataset.Name, Request.Key);

    internal LoadedModel Model { get; }

    internal ResolvedLayer Layer { get; }

    internal ScanSource Source { get; }

    internal ProjectionRequest Request { get; }

    /// <summary>Of what the layer answers to the images, whatever is made of that.</summary>
    internal string TableKey { get; }

    /// <param name="model">The version.</param>
    /// <param name="layer">Of its network, as the caller named it.</param>
    /// <param name="source">The images.</param>
    /// <param name="request">How.</param>
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
