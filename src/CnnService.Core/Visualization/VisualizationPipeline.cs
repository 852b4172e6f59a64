using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Visualization;

/// <summary>
/// From the names of a layer and its filters to finished PNG files: names looked up, tiles taken from the cache or drawn, grids
/// composed. Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>, <c>request.invalid</c>. Thread safe.
/// </summary>
public sealed class VisualizationPipeline : IDisposable
{
    private readonly IPatternRenderer _renderer;
    private readonly IFeatureMapReader _reader;
    private readonly IPngEncoder _encoder;
    private readonly PatternTiles _tiles;

    public VisualizationPipeline(IPatternRenderer renderer, IFeatureMapReader reader, IPngEncoder encoder, IPictureCache cache)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(cache);
        (_renderer, _reader, _encoder) = (renderer, reader, encoder);
        _tiles = new PatternTiles(renderer, cache);
    }

    /// <summary>The layers that can be looked into: all with channels, but for dropout and flatten.</summary>
    public static Outcome<IReadOnlyList<VisualLayer>> Layers(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Outcome.Success(VisualLayers.Of(model.Network));
    }

    /// <summary>The picture a filter responds to most. Takes seconds where it is not in the cache yet.</summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">Wins over the request's.</param>
    /// <param name="filter">From 0.</param>
    /// <param name="request">How to draw it.</param>
    /// <param name="cancel">Ends the waiting; the drawing ends when nobody waits for it.</param>
    public Task<Outcome<RenderedPicture>> PatternAsync(
        LoadedModel model, string layer, int filter, PatternRequest request, CancellationToken cancel) =>
        DrawAsync(Plan(model, layer, filter, null, request), cancel);

    /// <summary>The patterns of neighbouring filters, labelled; fewer than asked for where the layer ends.</summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">Wins over the request's.</param>
    /// <param name="offset">The first filter.</param>
    /// <param name="count">1 to 64.</param>
    /// <param name="request">How to draw them.</param>
    /// <param name="cancel">Ends the waiting; the drawing ends when nobody waits for it.</param>
    public Task<Outcome<RenderedPicture>> PatternGridAsync(
        LoadedModel model, string layer, int offset, int count, PatternRequest request, CancellationToken cancel) =>
        DrawAsync(Plan(model, layer, offset, count, request), cancel);

    /// <summary>The tag of the picture <see cref="PatternAsync"/> would give, without drawing it.</summary>
    public Outcome<string> PatternETag(LoadedModel model, string layer, int filter, PatternRequest request) =>
        Plan(model, layer, filter, null, request).Then<string>(plan => plan.ETag);

    /// <summary>The tag of the picture <see cref="PatternGridAsync"/> would give, without drawing it.</summary>
    public Outcome<string> PatternGridETag(LoadedModel model, string layer, int offset, int count, PatternRequest request) =>
        Plan(model, layer, offset, count, request).Then<string>(plan => plan.ETag);

    /// <summary>What a filter answers to a picture.</summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">Of its network.</param>
    /// <param name="filter">From 0.</param>
    /// <param name="picture">At the network's input size and channels.</param>
    /// <param name="request">How to show it.</param>
    public Outcome<RenderedPicture> FeatureMap(
        LoadedModel model, string layer, int filter, PixelBuffer picture, FeatureMapRequest request) =>
        Show(model, layer, filter, null, picture, request);

    /// <summary>What neighbouring filters answer to a picture, labelled; fewer than asked for where the layer ends.</summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">Of its network.</param>
    /// <param name="offset">The first filter.</param>
    /// <param name="count">1 to 64.</param>
    /// <param name="picture">At the network's input size and channels.</param>
    /// <param name="request">How to show it.</param>
    public Outcome<RenderedPicture> FeatureMapGrid(
        LoadedModel model, string layer, int offset, int count, PixelBuffer picture, FeatureMapRequest request) =>
        Show(model, layer, offset, count, picture, request);

    /// <summary>Tiles as they are, for pictures that are finished elsewhere.</summary>
    internal Task<IReadOnlyList<PatternTile>> TilesAsync(PatternPlan plan, CancellationToken cancel) => _tiles.GetAsync(plan, cancel);

    /// <summary>What the renderer's pictures are drawn by.</summary>
    internal string Recipe => _renderer.Recipe;

    public void Dispose() => _tiles.Dispose();

    private Outcome<PatternPlan> Plan(LoadedModel model, string layer, int offset, int? count, PatternRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return PatternPlan.Of(model, layer, offset, count, request, _renderer.Recipe);
    }

    private async Task<Outcome<RenderedPicture>> DrawAsync(Outcome<PatternPlan> planned, CancellationToken cancel)
    {
        if (planned.Problem is { } problem)
        {
            return problem;
        }

        var plan = planned.Value;
        return PatternPicture.Of(plan, await _tiles.GetAsync(plan, cancel), _encoder);
    }

    private Outcome<RenderedPicture> Show(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer picture, FeatureMapRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(request);
        return FeatureMapPlan.Of(model, layer, offset, count, request).Then(plan =>
            RenderMetrics.Watch(RenderMetrics.FeatureMap, () =>
            {
                var maps = _reader.Read(model, plan.Layer.Name, picture).Then<RenderedPicture>(read => FeatureMapPicture.Of(plan, read, plan.ETag(picture), _encoder));
                return (maps, maps.Succeeded ? RenderEnd.Drawn : RenderEnd.Failed);
            }));
    }
}
