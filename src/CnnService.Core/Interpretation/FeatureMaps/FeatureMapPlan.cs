using System.Security.Cryptography;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.FeatureMaps;

/// <summary>A validated request for feature maps. Immutable.</summary>
public sealed class FeatureMapPlan
{
    internal const int DefaultColumns = 8;
    internal const int MaxColumns = 32;

    private FeatureMapPlan(LoadedModel model, ResolvedLayer layer, FilterRange range, bool isGrid, FeatureMapRequest request) =>
        (Model, Layer, Range, IsGrid, Request) = (model, layer, range, isGrid, request);

    internal LoadedModel Model { get; }

    internal ResolvedLayer Layer { get; }

    /// <summary>Filters to show.</summary>
    internal FilterRange Range { get; }

    /// <summary>True for labelled tiles; false for a single tile without a label.</summary>
    internal bool IsGrid { get; }

    internal FeatureMapRequest Request { get; }

    /// <summary>Scaling with the default filled in.</summary>
    internal FeatureMapScale Scale => Request.Scale ?? FeatureMapScaling.DefaultFor(Layer);

    internal int Columns => Request.Columns ?? DefaultColumns;

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="offset">Index of the first filter.</param>
    /// <param name="count">Number of filters, 1 to 64, fewer at the end of the layer; null for a single map without a label.</param>
    /// <param name="request">How the maps are displayed.</param>
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>, <c>request.invalid</c>.</returns>
    public static Outcome<FeatureMapPlan> Create(LoadedModel model, string layer, int offset, int? count, FeatureMapRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var errors = new ValidationErrors();
        return errors.Require(request.Columns is null or (>= 1 and <= MaxColumns), "columns",
            $"must be between 1 and {MaxColumns}, received {request.Columns}")
            ? LayerLookup.Find(model, layer).Bind(found => Create(model, found, offset, count, request))
            : Problem.Validation(errors);
    }

    /// <summary>The entity tag of the maps' image for an image to run, hex; nothing is run for it.</summary>
    /// <param name="image">At the network's input size and channels.</param>
    public string ETag(PixelBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ContentKey.Create(
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

    internal static Outcome<FeatureMapPlan> Create(
        LoadedModel model, ResolvedLayer layer, int offset, int? count, FeatureMapRequest request) =>
        LayerLookup.Filters(layer, offset, count ?? 1)
        .Bind<FeatureMapPlan>(range => request.OverImage && (layer.Field is null || !layer.OutputShape.IsMap)
            ? Problem.Invalid("request.invalid",
                $"The values of '{layer.Name}' have no place in the image: each is of all of it. overlay is for maps.")
            : new FeatureMapPlan(model, layer, range, count is not null, request));

    /// <summary>Indexes of the filters in display order.</summary>
    internal IReadOnlyList<int> Filters(LayerActivations maps) => IsGrid && Request.ByStrength
        ? [.. Enumerable.Range(0, maps.Channels).OrderByDescending(maps.Mean).Skip(Range.First).Take(Range.Count)]
        : [.. Range.Filters];
}
