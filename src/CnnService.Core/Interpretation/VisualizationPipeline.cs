using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.FeatureMaps;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation;

/// <summary>
/// From the names of a layer and its filters to finished PNG files: names looked up, tiles taken from the cache or drawn, grids
/// composed. Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>, <c>request.invalid</c>. Thread safe.
/// </summary>
public sealed class VisualizationPipeline : IDisposable
{
    private const long MaxFinishedBytes = 32 << 20;

    private readonly IPatternRenderer _renderer;
    private readonly IFeatureMapReader _reader;
    private readonly IPngEncoder _encoder;
    private readonly PatternTiles _tiles;
    private readonly CoalescingCache<string, RenderedPicture> _finished;

    public VisualizationPipeline(
        IPatternRenderer renderer, IFeatureMapReader reader, IPngEncoder encoder, IPictureCache cache, ILogger<VisualizationPipeline>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(renderer);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(cache);
        (_renderer, _reader, _encoder) = (renderer, reader, encoder);
        _tiles = new PatternTiles(renderer, cache, logger);
        _finished = new(new("finished patterns") { MaxBytes = MaxFinishedBytes }, picture => picture.Png.Length, logger);
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

    /// <summary>Either of the two above.</summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">Wins over the request's.</param>
    /// <param name="offset">The first filter.</param>
    /// <param name="count">1 to 64; null: one alone.</param>
    /// <param name="request">How to draw them.</param>
    /// <param name="cancel">Ends the waiting; the drawing ends when nobody waits for it.</param>
    public Task<Outcome<RenderedPicture>> PatternAsync(
        LoadedModel model, string layer, int offset, int? count, PatternRequest request, CancellationToken cancel) =>
        DrawAsync(Plan(model, layer, offset, count, request), cancel);

    /// <summary>The tag of the picture that it would give, without drawing it.</summary>
    public Outcome<string> PatternETag(LoadedModel model, string layer, int offset, int? count, PatternRequest request) =>
        Plan(model, layer, offset, count, request).Bind<string>(plan => plan.ETag);

    /// <summary>The tag of the picture <see cref="PatternAsync(LoadedModel, string, int, PatternRequest, CancellationToken)"/> would give, without drawing it.</summary>
    public Outcome<string> PatternETag(LoadedModel model, string layer, int filter, PatternRequest request) =>
        Plan(model, layer, filter, null, request).Bind<string>(plan => plan.ETag);

    /// <summary>The tag of the picture <see cref="PatternGridAsync"/> would give, without drawing it.</summary>
    public Outcome<string> PatternGridETag(LoadedModel model, string layer, int offset, int count, PatternRequest request) =>
        Plan(model, layer, offset, count, request).Bind<string>(plan => plan.ETag);

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

    /// <summary>The same in numbers.</summary>
    /// <param name="model">The version.</param>
    /// <param name="layer">Of its network.</param>
    /// <param name="offset">The first filter.</param>
    /// <param name="count">1 to 64; null: one alone.</param>
    /// <param name="picture">At the network's input size and channels.</param>
    /// <param name="request">Its order matters.</param>
    public Outcome<FeatureMapNumbers> FeatureMapNumbers(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer picture, FeatureMapRequest request) =>
        Read(model, layer, offset, count, picture, request, (plan, maps) =>
        {
            var filters = plan.Filters(maps);
            return new FeatureMapNumbers(
                $"{model.Name}:{PictureKey.Text(model.Version)}",
                plan.Layer.Name,
                [maps.Channels, maps.Height, maps.Width],
                LayerSparsity.Of(maps),
                [.. filters.Where(filter => FeatureMapScaling.IsFlat(maps.Map(filter)))],
                [.. filters.Select(filter => FeatureMapFigures.Of(maps, filter))]);
        });

    /// <summary>The same as float32, <c>[filters,H,W]</c>: NumPy's file, or bare numbers.</summary>
    /// <inheritdoc cref="FeatureMapNumbers"/>
    /// <param name="asNpy">With NumPy's header.</param>
    public Outcome<byte[]> FeatureMapFile(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer picture, FeatureMapRequest request, bool asNpy) =>
        Read(model, layer, offset, count, picture, request, (plan, maps) =>
        {
            var filters = plan.Filters(maps);
            float[] values = [.. filters.SelectMany(filter => maps.Map(filter).ToArray())];
            return asNpy ? ArrayFile.Npy(values, filters.Count, maps.Height, maps.Width) : ArrayFile.Floats(values);
        });

    /// <summary>The first maps of the first convolution at each size of map: what a picture becomes on its way. Problem code besides: <c>layer.not-found</c> where the network has no convolution.</summary>
    /// <param name="model">The version.</param>
    /// <param name="picture">At the network's input size and channels.</param>
    /// <param name="request">How to show them.</param>
    public Outcome<RenderedPicture> FeatureMapSheet(LoadedModel model, PixelBuffer picture, FeatureMapRequest request) =>
        ReadSheet(model, picture, request).Bind<RenderedPicture>(rows => RenderMetrics.Watch(RenderMetrics.FeatureMap, () =>
        {
            var tag = PictureKey.Of(["feature-map-sheet", .. rows.Select(row => row.Plan.ETag(picture))]);
            var text = PictureText.Of("layers", string.Join(',', rows.Select(row => row.Plan.Layer.Name)));
            return (new RenderedPicture(_encoder.Encode(FeatureMaps.FeatureMapSheet.Draw(rows, picture), [text]), tag, []), RenderEnd.Drawn);
        }));

    /// <summary>How silent the network becomes from layer to layer, for one picture: the layers of <see cref="FeatureMapSheet"/>.</summary>
    public Outcome<IReadOnlyList<LayerFigures>> Sparsity(LoadedModel model, PixelBuffer picture, FeatureMapRequest request) =>
        ReadSheet(model, picture, request).Bind(rows => Outcome.Success<IReadOnlyList<LayerFigures>>(
            [.. rows.Select(row => new LayerFigures(row.Plan.Layer.Name, [row.Maps.Channels, row.Maps.Height, row.Maps.Width], LayerSparsity.Of(row.Maps)))]));

    /// <summary>Tiles as they are, for pictures that are finished elsewhere.</summary>
    internal Task<IReadOnlyList<PatternTile>> TilesAsync(PatternPlan plan, CancellationToken cancel) => _tiles.GetAsync(plan, cancel);

    /// <summary>Changes whenever the renderer gives another picture for the same request.</summary>
    internal string Revision => _renderer.Revision;

    public void Dispose()
    {
        _finished.Dispose();
        _tiles.Dispose();
    }

    internal Outcome<PatternPlan> Plan(LoadedModel model, string layer, int offset, int? count, PatternRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return PatternPlan.Of(model, layer, offset, count, request, _renderer.Revision);
    }

    private async Task<Outcome<RenderedPicture>> DrawAsync(Outcome<PatternPlan> planned, CancellationToken cancel)
    {
        if (planned.Problem is { } problem)
        {
            return problem;
        }

        var plan = planned.Value;
        return _finished.TryGet(plan.ETag, out var known)
            ? RenderMetrics.Watch(plan.Kind, () => (known, RenderEnd.Hit))
            : await _finished.GetOrComputeAsync(
                plan.ETag, async abandoned => PatternPicture.Of(plan, await _tiles.GetAsync(plan, abandoned), _encoder), cancel);
    }

    private Outcome<RenderedPicture> Show(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer picture, FeatureMapRequest request) =>
        Plan(model, layer, offset, count, picture, request).Bind(plan =>
            RenderMetrics.Watch(RenderMetrics.FeatureMap, () =>
            {
                var maps = Tap(model, plan.Layer, picture, request).Bind<RenderedPicture>(read => FeatureMapPicture.Of(plan, read, picture, plan.ETag(picture), _encoder));
                return (maps, maps.Succeeded ? RenderEnd.Drawn : RenderEnd.Failed);
            }));

    private Outcome<LayerActivations> Tap(LoadedModel model, ResolvedLayer layer, PixelBuffer picture, FeatureMapRequest request) => request.BeforeActivation
        ? _reader.Read(model, layer.Name, picture, beforeActivation: true)
        : _reader.Read(model, FeatureTaps.Activated(model.Network, layer).Name, picture);

    private Outcome<T> Read<T>(
        LoadedModel model, string layer, int offset, int? count, PixelBuffer picture, FeatureMapRequest request, Func<FeatureMapPlan, LayerActivations, T> make) =>
        Plan(model, layer, offset, count, picture, request).Bind(plan => Tap(model, plan.Layer, picture, request).Bind<T>(maps => make(plan, maps)));

    /// <summary>A row of maps a layer, each on its own scale unless asked for otherwise.</summary>
    private Outcome<IReadOnlyList<(FeatureMapPlan Plan, LayerActivations Maps)>> ReadSheet(LoadedModel model, PixelBuffer picture, FeatureMapRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var (columns, scaled) = (request.Columns ?? TileGrid.UsualColumns, request with { Scale = request.Scale ?? FeatureMapScale.Filter });
        var rows = new List<(FeatureMapPlan Plan, LayerActivations Maps)>();
        foreach (var layer in FeatureMaps.FeatureMapSheet.Layers(model.Network))
        {
            var row = Read(model, layer.Name, 0, columns, picture, scaled, (plan, maps) => (plan, maps));
            if (row.Problem is { } problem)
            {
                return problem;
            }

            rows.Add(row.Value);
        }

        return rows.Count > 0 ? rows
            : Problem.NotFound("layer.not-found", $"The {model.Called} has no convolution whose maps could be shown.");
    }

    private static Outcome<FeatureMapPlan> Plan(LoadedModel model, string layer, int offset, int? count, PixelBuffer picture, FeatureMapRequest request)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(request);
        var errors = new ValidationErrors();
        return errors.Require(request.Columns is null or (>= 1 and <= FeatureMapPlan.MostColumns), "columns", $"must be between 1 and {FeatureMapPlan.MostColumns}, received {request.Columns}")
            ? FeatureMapPlan.Of(model, layer, offset, count, request)
            : Problem.Validation(errors);
    }
}
