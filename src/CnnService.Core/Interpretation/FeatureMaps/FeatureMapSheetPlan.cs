using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>
/// A validated request for the maps of an image on its way through a network: one row a resolution, the first maps of the first convolution
/// at each map size. Immutable.
/// </summary>
public sealed class FeatureMapSheetPlan
{
    private FeatureMapSheetPlan(IReadOnlyList<FeatureMapPlan> rows) => Rows = rows;

    /// <summary>One plan a row, at least one, in execution order.</summary>
    internal IReadOnlyList<FeatureMapPlan> Rows { get; }

    /// <param name="model">The model version.</param>
    /// <param name="request">How the maps are displayed; each map is scaled on its own unless it says otherwise.</param>
    /// <returns>
    /// Problem codes: <c>request.invalid</c>, and <c>layer.not-found</c> if the network has no convolution whose maps could be shown.
    /// </returns>
    public static Outcome<FeatureMapSheetPlan> Create(LoadedModel model, FeatureMapRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var (columns, scaled) = (request.Columns ?? FeatureMapPlan.DefaultColumns,
            request with { Scale = request.Scale ?? FeatureMapScale.MinMax });
        return Outcome.All(FeatureMapSheet.Layers(model.Network).Select(
                layer => FeatureMapPlan.Create(model, layer.Name, 0, columns, scaled)))
            .Check(rows => rows.Count > 0
                ? null
                : Problem.NotFound("layer.not-found", $"The {model.DisplayName} has no convolution whose maps could be shown."))
            .Map(rows => new FeatureMapSheetPlan(rows));
    }

    /// <summary>The entity tag of the sheet for an image to run, hex; nothing is run for it.</summary>
    /// <param name="image">At the network's input size and channels.</param>
    public string ETag(PixelBuffer image) => ContentKey.Create(["feature-map-sheet", .. Rows.Select(row => row.ETag(image))]);
}
