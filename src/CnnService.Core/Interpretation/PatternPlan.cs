using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation;

/// <summary>A request for patterns, found sound, its open values filled in.</summary>
/// <param name="Model">The version.</param>
/// <param name="Layer">Of its network.</param>
/// <param name="Range">Which filters.</param>
/// <param name="IsGrid">Tiles with labels; else one bare tile.</param>
/// <param name="Request">Iterations filled in; a size left open is the renderer's to choose, by the network alone.</param>
/// <param name="Revision">Of the renderer.</param>
internal sealed record PatternPlan(
    LoadedModel Model, ResolvedLayer Layer, FilterRange Range, bool IsGrid, PatternRequest Request, string Revision)
{
    private const int ManyIterations = 256;
    private const int UsualIterations = 128;

    /// <summary>Layers that see less than this many pixels are cheap, and need more steps.</summary>
    private const int SmallField = 8;

    private readonly string _content = PictureKey.Content(Model);

    /// <summary>Several tiles with labels.</summary>
    public bool IsSheet => IsGrid || Request.Diversity > 1;

    /// <summary>What it counts as where drawings are counted.</summary>
    public string Kind => Request.ClassDirection == 0 ? RenderMetrics.Pattern : RenderMetrics.Class;

    /// <summary>Of the finished picture; it carries the model's name, so it depends on that too.</summary>
    public string ETag => PictureKey.Of(
        [IsGrid ? "pattern-grid" : "pattern", Model.Name, PictureKey.Text(Model.Version), Range.ToString(), .. Parameters, .. Variants]);

    /// <summary>Of the tiles of all filters, as one piece of work.</summary>
    public string WorkKey => PictureKey.Of(["pattern-work", Range.ToString(), .. Parameters, .. Variants]);

    private IEnumerable<string> Parameters =>
    [
        _content,
        Layer.Name,
        PictureKey.Text(Request.Iterations ?? 0),
        Request.Size is { } size ? PictureKey.Text(size) : "open",
        PictureKey.Text(Request.Seed),
        Revision,
        .. Request.ClassDirection == 0 ? Array.Empty<string>() : [$"class{PictureKey.Text(Request.ClassDirection)}"],
        .. Request.Recipe switch { PatternRecipe.Natural => Array.Empty<string>(), PatternRecipe.Quick => ["quick"], _ => ["article"] },
        .. Request.SharesStart ? ["shared-start"] : Array.Empty<string>(),
        .. PatternVariation.Key(Request),
    ];

    /// <summary>How many there are does not change the first ones, so it is no part of a tile's key.</summary>
    private IEnumerable<string> Variants => Request.Diversity == 1 ? [] : [$"diversity {PictureKey.Text(Request.Diversity)}"];

    /// <param name="model">The version.</param>
    /// <param name="layer">As the caller named it; wins over the request's.</param>
    /// <param name="offset">First filter.</param>
    /// <param name="count">How many, at most as many as the layer has; null: one, not as a grid.</param>
    /// <param name="request">As the caller wrote it.</param>
    /// <param name="revision">Of the renderer.</param>
    public static Outcome<PatternPlan> Of(
        LoadedModel model, string layer, int offset, int? count, PatternRequest request, string revision) =>
        VisualLayers.Find(model, layer).Bind(found =>
            VisualLayers.Filters(found, offset, count ?? 1).Bind<PatternPlan>(range =>
                Check(request) is { } problem
                    ? problem
                    : new PatternPlan(model, found, range, count is not null, Resolve(request, found), revision)));

    /// <summary>The image of a class: the pattern of the channel that the class is read from.</summary>
    /// <param name="model">With classes.</param>
    /// <param name="index">Of the class.</param>
    /// <param name="request">As the caller wrote it; its layer is the network's to say.</param>
    /// <param name="revision">Of the renderer.</param>
    public static Outcome<PatternPlan> OfClass(LoadedModel model, int index, PatternRequest request, string revision)
    {
        var errors = new ValidationErrors();
        errors.Require(request.Diversity == 1, "diversity", $"must be 1 of a class, received {request.Diversity}");
        errors.Require(request.Objective == PatternObjective.Channel, "objective", "must be channel of a class, received \"neuron\"");
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        var target = ClassChannel.Of(model.Network, index);
        var input = model.Network.Spec.Input;
        var fits = input.Height == input.Width && input.Height is >= PatternRequest.LeastSize and <= PatternRequest.MostSize;
        var own = request with { ClassDirection = target.Direction, Size = request.Size ?? (fits ? input.Height : null) };
        return Of(model, target.Layer.Name, target.Filter, null, own, revision);
    }

    /// <summary>Of one filter's tile; the same alone and in every grid.</summary>
    public string TileKey(int filter, int variant) =>
        PictureKey.Of(["pattern-tile", PictureKey.Text(filter), .. Parameters, .. variant == 0 ? Array.Empty<string>() : [$"variant {PictureKey.Text(variant)}"]]);

    private static PatternRequest Resolve(PatternRequest request, ResolvedLayer layer) =>
        request with { Layer = layer.Name, Iterations = request.Iterations ?? UsualFor(request, layer) };

    private static int UsualFor(PatternRequest request, ResolvedLayer layer) => request.Recipe == PatternRecipe.Quick ? PatternRequest.QuickIterations
        : request.Recipe == PatternRecipe.Article ? PatternRequest.ArticleIterations
        : request.ClassDirection != 0 ? ManyIterations
        : layer.Field is { } field && Math.Max(field.Size.Height, field.Size.Width) < SmallField ? ManyIterations : UsualIterations;

    private static Problem? Check(PatternRequest request)
    {
        var errors = new ValidationErrors();
        request.Check(errors);
        return errors.Any ? Problem.Validation(errors) : null;
    }
}
