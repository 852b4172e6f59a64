using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>
/// A validated request for patterns with names resolved, defaults filled in and cache keys computed; a renderer carries it out as it is.
/// Immutable.
/// </summary>
public sealed class PatternJob
{
    private const int ManyIterations = 256;
    private const int DefaultIterations = 128;

    /// <summary>
    /// Layers with a receptive field below this side in pixels are cheap, and need more steps to get beyond flat colours.
    /// </summary>
    private const int SmallField = 8;

    private readonly string _content;

    private PatternJob(
        LoadedModel model, ResolvedLayer layer, FilterRange range, bool isGrid, PatternRequest request, int classDirection, string revision)
    {
        (Model, Layer, Range, IsGrid, Request, ClassDirection) = (model, layer, range, isGrid, request, classDirection);
        (_content, Revision) = (ContentKey.Content(model), revision);
        var network = model.Network;
        Size = PatternSize.Choose(network, layer, request.Size);
        Iterations = request.Iterations ?? DefaultFor(layer, request.Method, classDirection);

        // An activation function in a separate layer, as imported networks have it, belongs to the layer before it.
        var judged = classDirection != 0 ? layer : FeatureTaps.Activated(network, layer);
        var climbed = judged == layer || judged.Spec is not (ActivationLayer or PReluLayer) ? judged : network.Find(judged.Inputs[0])!;
        (Maximized, Measured) = (ExecutionOrder.To(network, climbed), ExecutionOrder.To(network, judged));
    }

    /// <summary>The model version.</summary>
    public LoadedModel Model { get; }

    /// <summary>The layer whose filters are rendered.</summary>
    public ResolvedLayer Layer { get; }

    /// <summary>Path to the layer whose preactivation is maximized.</summary>
    public ExecutionOrder Maximized { get; }

    /// <summary>Path to the layer whose activation measures the image.</summary>
    public ExecutionOrder Measured { get; }

    /// <summary>The renderer's revision when the job was made, which the job is rendered with.</summary>
    public string Revision { get; }

    /// <summary>Size of the images in pixels.</summary>
    public Size2 Size { get; }

    /// <summary>Steps of gradient ascent.</summary>
    public int Iterations { get; }

    /// <summary>
    /// 0 for a filter, whose own activation is maximized, with a gradient where it is silent too. 1 or -1 for a class: the mean of the
    /// linear values, or of their negatives, that the class is read from.
    /// </summary>
    public int ClassDirection { get; }

    /// <summary>Parameters of the ascent; for size and number of steps the properties of the job count.</summary>
    public PatternRequest Request { get; }

    /// <summary>Key of the layer's responses to an image; does not depend on the method of the ascent.</summary>
    public string ResponseKey => ContentKey.Create(
        "responses",
        _content,
        Layer.Name,
        Request.Objective.ToString(),
        ContentKey.Text(Request.Direction),
        ContentKey.Text(ClassDirection));

    /// <summary>Filters to render.</summary>
    internal FilterRange Range { get; }

    /// <summary>True for labelled tiles; false for a single tile without a label.</summary>
    internal bool IsGrid { get; }

    /// <summary>True if several labelled tiles are composed to one image.</summary>
    internal bool IsSheet => IsGrid || Request.Diversity > 1;

    /// <summary>The kind under which the job is counted in metrics.</summary>
    internal string Kind => ClassDirection == 0 ? RenderMetrics.Pattern : RenderMetrics.Class;

    /// <summary>Entity tag of the finished image, hex. Depends on the model's name too, which the image contains.</summary>
    public string ETag => ContentKey.Create(
        [IsGrid ? "pattern-grid" : "pattern", Model.Name, ContentKey.Text(Model.Version), Range.ToString(), .. Parameters, .. Variants]);

    private IEnumerable<string> Parameters =>
    [
        _content,
        Layer.Name,
        ContentKey.Text(Iterations),
        $"{ContentKey.Text(Size.Height)}x{ContentKey.Text(Size.Width)}",
        ContentKey.Text(Request.Seed),
        Revision,
        .. ClassDirection == 0 ? Array.Empty<string>() : [$"class{ContentKey.Text(ClassDirection)}"],
        .. Request.Method switch { PatternMethod.Natural => Array.Empty<string>(), PatternMethod.Quick => ["quick"], _ => ["article"] },
        .. Request.SharesStart ? ["shared-start"] : Array.Empty<string>(),
        .. PatternVariation.Key(Request),
    ];

    /// <summary>The number of variants; part of a filter's key only, since it does not change the first variants.</summary>
    private IEnumerable<string> Variants => Request.Diversity == 1 ? [] : [$"diversity {ContentKey.Text(Request.Diversity)}"];

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="offset">Index of the first filter.</param>
    /// <param name="count">Number of filters, 1 to 64, at most as many as the layer has; null for a single tile without a label.</param>
    /// <param name="request">The request as received.</param>
    /// <param name="revision">Revision of the renderer.</param>
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>, <c>request.invalid</c>.</returns>
    public static Outcome<PatternJob> Create(
        LoadedModel model, string layer, int offset, int? count, PatternRequest request, string revision) =>
        Create(model, layer, offset, count, request, classDirection: 0, revision);

    /// <summary>The job of a class image: the pattern of the channel that the class is read from.</summary>
    /// <param name="model">A version with classes.</param>
    /// <param name="index">Index of the class.</param>
    /// <param name="request">The request as received.</param>
    /// <param name="revision">Revision of the renderer.</param>
    /// <returns>Problem code: <c>request.invalid</c>.</returns>
    public static Outcome<PatternJob> CreateForClass(LoadedModel model, int index, PatternRequest request, string revision)
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

    /// <summary>Key of one variant of a filter's tile; the same alone and in every grid.</summary>
    internal string TileKey(int filter, int variant) =>
        ContentKey.Create(
            ["pattern-tile", ContentKey.Text(filter), .. Parameters,
                .. variant == 0 ? Array.Empty<string>() : [$"variant {ContentKey.Text(variant)}"]]);

    /// <summary>Key of all variants of a filter, which are rendered together.</summary>
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
