using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Scans;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>A validated request for a projection of a data set. Immutable.</summary>
public sealed class ProjectionPlan
{
    /// <summary>Incremented when the same request gives another projection.</summary>
    private const string Revision = "projection-2";

    private ProjectionPlan(ScanPlan scan, ProjectionRequest request) => (Scan, Request) = (scan, request);

    /// <summary>Entity tag of the projection, hex.</summary>
    public string ETag => ContentKey.Create(Revision, TableKey, Source.Dataset.Name, Request.Key);

    /// <summary>The layer and the images that are projected.</summary>
    internal ScanPlan Scan { get; }

    internal LoadedModel Model => Scan.Model;

    internal ResolvedLayer Layer => Scan.Layer;

    internal ScanSource Source => Scan.Source;

    internal ProjectionRequest Request { get; }

    /// <summary>Key of the layer's features, which both methods share.</summary>
    internal string TableKey => Scan.Key;

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="source">The images to project.</param>
    /// <param name="request">Method and seed.</param>
    /// <returns>Problem code: <c>layer.not-found</c>.</returns>
    public static Outcome<ProjectionPlan> Create(LoadedModel model, string layer, ScanSource source, ProjectionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ScanPlan.Create(model, layer, source).Map(scan => new ProjectionPlan(scan, request));
    }
}
