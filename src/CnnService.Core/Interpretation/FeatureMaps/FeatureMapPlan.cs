using System.Security.Cryptography;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>A validated request for feature maps. Immutable.</summary>
/// <param name="Model">The model version.</param>
/// <param name="Layer">The layer of its network.</param>
/// <param name="Range">Filters to show.</param>
/// <param name="IsGrid">True for labelled tiles; false for a single tile without a label.</param>
/// <param name="Scale">Scaling with the default filled in.</param>
/// <param name="Request">The remaining parameters.</param>
internal sealed record FeatureMapPlan(
    LoadedModel Model, ResolvedLayer Layer, FilterRange Range, bool IsGrid, FeatureMapScale Scale, FeatureMapRequest Request)
{
    public const int MaxColumns = 32;

    public int Columns => Request.Columns ?? TileGrid.DefaultColumns;

    public static Outcome<FeatureMapPlan> Create(LoadedModel model, string layer, int offset, int? count, FeatureMapRequest request) =>
        VisualLayers.Find(model, layer).Bind(found =>
            VisualLayers.Filters(found, offset, count ?? 1)
            .Bind<FeatureMapPlan>(range => request.OverImage && (found.Field is null || !found.OutputShape.IsMap)
                ? Problem.Invalid("request.invalid",
                    $"The values of '{found.Name}' have no place in the image: each is of all of it. overlay is for maps.")
                : new FeatureMapPlan(
                    model, found, range, count is not null, request.Scale ?? FeatureMapScaling.DefaultFor(found), request)));

    /// <summary>Indexes of the filters in display order.</summary>
    public IReadOnlyList<int> Filters(LayerActivations maps) => IsGrid && Request.ByStrength
        ? [.. Enumerable.Range(0, maps.Channels).OrderByDescending(maps.Mean).Skip(Range.First).Take(Range.Count)]
        : [.. Range.Filters];

    public string ETag(PixelBuffer image) => ContentKey.Create(
    [
        IsGrid ? "feature-map-grid" : "feature-map",
        Model.Name,
        ContentKey.Text(Model.Version),
        ContentKey.Content(Model),
        Layer.Name,
        Range.ToString(),
        Scale.ToString(),
        Request.Colors.ToString(),
        Request.ByStrength ? "strength" : "index",
        Request.BeforeActivation ? "preactivation" : "activation",
        ContentKey.Text(Columns),
        Request.OverImage ? "over" : "alone",
        $"{image.Width}x{image.Height}x{image.Channels}",
        Convert.ToHexStringLower(SHA256.HashData(image.Data)),
    ]);
}
