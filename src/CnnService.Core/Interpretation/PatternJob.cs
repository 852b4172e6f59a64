using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>
/// A request for patterns with all names looked up, all values filled in and its keys known: what a renderer carries out as it is.
/// Immutable.
/// </summary>
public sealed class PatternJob
{
    private const int ManyIterations = 256;
    private const int DefaultIterations = 128;

    /// <summary>Layers that see less than this many pixels are cheap, and need more steps to leave flat colours behind.</summary>
    private const int SmallField = 8;

    private readonly string _content;
    private readonly string _revision;

    private PatternJob(
        LoadedModel model, ResolvedLayer layer, FilterRange range, bool isGrid, PatternRequest request, int classDirection, string revision)
    {
        (Model, Layer, Range, IsGrid, Request, ClassDirection) = (model, layer, range, isGrid, request, classDirection);
        (_content, _revision) = (ContentKey.Content(model), revision);
        var network = model.Network;
        Size = PatternSize.Of(network, layer, request.Size);
        Iterations = request.Iterations ?? DefaultFor(layer, request.Method, classDirection);

        // An activation function in a layer of its own, as imported networks have it, is taken together with the layer before it.
        var judged = classDirection != 0 ? layer : FeatureTaps.Activated(network, layer);
        var climbed = judged == layer || judged.Spec is not (ActivationLayer or PReluLayer) ? judged : network.Find(judged.Inputs[0])!;
        (Climbed, Judged) = (ExecutionOrder.To(network, climbed), ExecutionOrder.To(network, judged));
    }

    /// <summary>The version.</summary>
    public LoadedModel Model { get; }

    /// <summary>Whose filters are drawn.</summary>
    public ResolvedLayer Layer { get; }

    /// <summary>To the layer whose values before its activation function are made large.</summary>
    public ExecutionOrder Climbed { get; }

    /// <summary>To the layer whose values after its activation function the image is judged by.</summary>
    public ExecutionOrder Judged { get; }

    /// <summary>Of the images, in pixels.</summary>
    public Size2 Size { get; }

    /// <summary>Steps of an ascent.</summary>
    public int Iterations { get; }

    /// <summary>
    /// 0: a filter's own answer is made large, where it is silent too. 1 or -1: the mean of its linear values, or of their negatives,
    /// which is what a class is read from.
    /// </summary>
    public int ClassDirection { get; }

    /// <summary>How patterns are looked for; iterations and size are those of the job.</summary>
    public PatternRequest Request { get; }

    /// <summary>Of what the layer's filters answer to an image: how patterns are looked for does not matter.</summary>
    public string ResponseKey => ContentKey.Create(
        "responses",
        _content,
        Layer.Name,
        Request.Objective.ToString(),
        ContentKey.Text(Request.Direction),
        ContentKey.Text(ClassDirection));

    /// <summary>Which filters.</summary>
    internal FilterRange Range { get; }

    /// <summary>Tiles with labels; else one bare tile.</summary>
    internal bool IsGrid { get; }

    /// <summary>Several tiles with labels.</summary>
    internal bool IsSheet => IsGrid || Request.Diversity > 1;

    /// <summary>What it counts as where drawings are counted.</summary>
    internal string Kind => ClassDirection == 0 ? RenderMetrics.Pattern : RenderMetrics.Class;

    /// <summary>Of the finished image; it carries the model's name, so it depends on that too.</summary>
    public string ETag => ContentKey.Create(
        [IsGrid ? "pattern-grid" : "pattern", Model.Name, ContentKey.Text(Model.Version), Range.ToString(), .. Parameters, .. Variants]);

    private IEnumerable<string> Parameters =>
    [
        _content,
        Layer.Name,
        ContentKey.Text(Iterations),
        $"{ContentKey.Text(Size.Height)}x{ContentKey.Text(Size.Width)}",
        ContentKey.Text(Request.Seed),
        _revision,
        .. ClassDirection == 0 ? Array.Empty<string>() : [$"class{ContentKey.Text(ClassDirection)}"],
        .. Request.Method switch { PatternMethod.Natural => Array.Empty<string>(), PatternMethod.Quick => ["quick"], _ => ["article"] },
        .. Request.SharesStart ? ["shared-start"] : Array.Empty<string>(),
        .. PatternVariation.Key(Request),
    ];

    /// <summary>How many there are does not change the first ones, so it is no part of a tile's key.</summary>
    private IEnumerable<string> Variants => Request.Diversity == 1 ? [] : [$"diversity {ContentKey.Text(Request.Diversity)}"];

    /// <param name="model">The version.</param>
    /// <param name="layer">As the caller named it.</param>
    /// <param name="offset">First filter.</param>
    /// <param name="count">1 to 64, at most as many as the layer has; null: one, not as a grid.</param>
    /// <param name="request">As the caller wrote it.</param>
    /// <param name="revision">Of the renderer.</param>
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>, <c>request.invalid</c>.</returns>
    public static Outcome<PatternJob> Create(
        LoadedModel model, string layer, int offset, int? count, PatternRequest request, string revision) =>
        Create(model, layer, offset, count, request, classDirection: 0, revision);

    /// <summary>The image of a class: the pattern of the channel that the class is read from.</summary>
    /// <param name="model">With classes.</param>
    /// <param name="index">Of the class.</param>
    /// <param name="request">As the caller wrote it.</param>
    /// <param name="revision">Of the renderer.</param>
    /// <returns>Problem code: <c>request.invalid</c>.</returns>
    public static Outcome<PatternJob> OfClass(LoadedModel model, int index, PatternRequest request, string revision)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        var errors = new ValidationErrors();
        errors.Require(request.Diversity == 1, "diversity", $"must be 1 of a class, received {request.Diversity}");
        errors.Require(request.Objective == PatternObjective.Channel, "objective", "must be channel of a class, received \"neuron\"");
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        var target = ClassChannel.Resolve(model.Network, index);
        var input = model.Network.Spec.Input;
        var fits = input.Height == input.Width && input.Height is >= PatternRequest.MinSize and <= PatternRequest.MaxSize;
        var own = request with { Size = request.Size ?? (fits ? input.Height : null) };
        return Create(model, target.Layer.Name, target.Filter, null, own, target.Direction, revision);
    }

    /// <summary>Of one variant of one filter's tile; the same alone and in every grid.</summary>
    internal string TileKey(int filter, int variant) =>
        ContentKey.Create(
            ["pattern-tile", ContentKey.Text(filter), .. Parameters,
                .. variant == 0 ? Array.Empty<string>() : [$"variant {ContentKey.Text(variant)}"]]);

    /// <summary>Of all variants of one filter, which are drawn as one piece of work.</summary>
    internal string WorkKey(int filter) => ContentKey.Create(["pattern-work", ContentKey.Text(filter), .. Parameters, .. Variants]);

    private static Outcome<PatternJob> Create(
        LoadedModel model, string layer, int offset, int? count, PatternRequest request, int classDirection, string revision)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return VisualLayers.Find(model, layer).Bind(found =>
            VisualLayers.Filters(found, offset, count ?? 1).Bind(range => request.Check() is { } problem
                ? problem
                : Outcome.Success(new PatternJob(model, found, range, count is not null, request, classDirection, revision))));
    }

    private static int DefaultFor(ResolvedLayer layer, PatternMethod method, int classDirection) => method switch
    {
        PatternMethod.Quick => PatternRequest.QuickIterations,
        PatternMethod.Article => PatternRequest.ArticleIterations,
        _ when classDirection != 0 => ManyIterations,
        _ => layer.Field is { } field && Math.Max(field.Size.Height, field.Size.Width) < SmallField ? ManyIterations : DefaultIterations,
    };
}
