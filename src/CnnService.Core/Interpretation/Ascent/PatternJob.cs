using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>
/// A validated request for patterns with names resolved, defaults filled in and cache keys computed; a renderer carries it out as it
/// is. Immutable.
/// </summary>
public sealed class PatternJob
{
    private const int ManyIterations = 256;
    private const int DefaultIterations = 128;

    /// <summary>
    /// Layers with a receptive field below this side in pixels are cheap, and need more steps to get beyond flat colours.
    /// </summary>
    private const int SmallField = 8;

    /// <summary>Changes whenever the renderer gives another image for the same request; part of every key.</summary>
    private const string Revision = "4";

    private readonly string _content;

    private PatternJob(
        LoadedModel model, ResolvedLayer layer, FilterRange range, bool isGrid, PatternRequest request, int classDirection)
    {
        (Model, Layer, Range, IsGrid, Request, ClassDirection) = (model, layer, range, isGrid, request, classDirection);
        _content = ContentKey.Content(model);
        var network = model.Network;
        var path = ExecutionOrder.To(network, layer);
        Size = PatternSize.Choose(network.Spec.Input, path, request.Size);
        Iterations = request.Iterations ?? DefaultFor(layer, request.Method, classDirection);

        // An activation function in a separate layer, as imported networks have it, belongs to the layer before it.
        var judged = classDirection != 0 ? layer : FeatureTaps.Activated(network, layer);
        var climbed = judged == layer || judged.Spec is not (ActivationLayer or PReluLayer) ? judged : network.Find(judged.Inputs[0])!;
        (Maximized, Measured) = (PathTo(climbed), PathTo(judged));
        Form = classDirection == 0 ? ResponseForm.Create(network, path, Maximized.End, Measured.End) : ResponseForm.OfClass;

        ExecutionOrder PathTo(ResolvedLayer end) => end == layer ? path : ExecutionOrder.To(network, end);
    }

    /// <summary>The model version.</summary>
    public LoadedModel Model { get; }

    /// <summary>The layer whose filters are rendered.</summary>
    public ResolvedLayer Layer { get; }

    /// <summary>Path to the layer whose preactivation is maximized.</summary>
    public ExecutionOrder Maximized { get; }

    /// <summary>Path to the layer whose activation measures the image.</summary>
    public ExecutionOrder Measured { get; }

    /// <summary>What the network alone decides about the layer's response to an image.</summary>
    public ResponseForm Form { get; }

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

    /// <summary>Settings of the ascent as its images state them.</summary>
    public PatternSettings Settings => PatternSettings.From(Request);

    /// <summary>Key of the layer's responses to an image; does not depend on the method of the ascent.</summary>
    public string ResponseKey => ContentKey.Create(
        "responses",
        _content,
        Layer.Name,
        Request.Objective.ToString(),
        ContentKey.Text(Request.Direction),
        ContentKey.Text(ClassDirection),
        Request.OnGpu ? "gpu" : string.Empty);

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
    /// <returns>Problem codes: <c>layer.not-found</c>, <c>filter.not-found</c>, <c>request.invalid</c>.</returns>
    public static Outcome<PatternJob> Create(LoadedModel model, string layer, int offset, int? count, PatternRequest request) =>
        Create(model, layer, offset, count, request, classDirection: 0);

    /// <summary>The job of a class image: the pattern of the channel that the class is read from.</summary>
    /// <param name="model">A version with classes.</param>
    /// <param name="index">Index of the class.</param>
    /// <param name="request">The request as received.</param>
    /// <returns>Problem code: <c>request.invalid</c>.</returns>
    public static Outcome<PatternJob> CreateForClass(LoadedModel model, int index, PatternRequest request)
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
        return Create(model, target.Layer.Name, target.Filter, null, own, target.Direction);
    }

    /// <summary>The same images, drawn on the GPU or on the processor.</summary>
    internal PatternJob On(bool gpu) =>
        gpu == Request.OnGpu ? this : new(Model, Layer, Range, IsGrid, Request with { OnGpu = gpu }, ClassDirection);

    /// <summary>Key of one variant of a filter's tile; the same alone and in every grid.</summary>
    internal string TileKey(int filter, int variant) =>
        ContentKey.Create(
            ["pattern-tile", ContentKey.Text(filter), .. Parameters,
                .. variant == 0 ? Array.Empty<string>() : [$"variant {ContentKey.Text(variant)}"]]);

    /// <summary>Key of all variants of a filter, which are rendered together.</summary>
    internal string WorkKey(int filter) => ContentKey.Create(["pattern-work", ContentKey.Text(filter), .. Parameters, .. Variants]);

    private static Outcome<PatternJob> Create(
        LoadedModel model, string layer, int offset, int? count, PatternRequest request, int classDirection)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(request);
        return LayerLookup.Find(model, layer).Bind(found =>
            LayerLookup.Filters(found, offset, count ?? 1).Bind(range => request.Check() is { } problem
                ? problem
                : Outcome.Success(new PatternJob(model, found, range, count is not null, request, classDirection))));
    }

    private static int DefaultFor(ResolvedLayer layer, PatternMethod method, int classDirection) => method switch
    {
        PatternMethod.Quick => PatternRequest.QuickIterations,
        PatternMethod.Article => PatternRequest.ArticleIterations,
        _ when classDirection != 0 => ManyIterations,
        _ => layer.Field is { } field && Math.Max(field.Size.Height, field.Size.Width) < SmallField ? ManyIterations : DefaultIterations,
    };
}
