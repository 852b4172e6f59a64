using System.ComponentModel;
using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Kernels;
using CnnService.Core.Interpretation.Projection;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The parameters common to the pictures.</summary>
internal sealed record VisualizeQuery(
    [property: FromQuery, Description("`name`, `name:version` or `name@alias`; may be left out where there is only one model.")] string? Model,
    [property: FromQuery, Description("`dataset/id`: shows the feature maps of this picture instead of patterns, or the receptive field over it.")] string? Image,
    [property: FromQuery, Description("Grids: how many, 1 to 64; default 8. Examples: how many a filter, 1 to 16; default 9.")] int? Count,
    [property: FromQuery, Description("Grids: the first filter; default 0.")] int? Offset,
    [property: FromQuery, Description("Patterns: ascent steps, 16 to 2048; default 128, 256 where the receptive field is under 8 pixels and of classes, 30 with `method=quick`, 500 with `method=article`.")] int? Iterations,
    [property: FromQuery, Description("Patterns and t-SNE: 0 to 2147483647; default 0.")] int? Seed,
    [property: FromQuery, Description("Patterns: side in pixels, 32 to 512; by default the network's input or more.")] int? Size,
    [property: FromQuery, Description("Feature maps: `filter` (default), `layer` or `minmax`.")] string? Normalize,
    [property: FromQuery, Description("Feature maps: `viridis` (default), `gray`, `inferno` or `turbo`.")] string? Colormap,
    [property: FromQuery, Description("Feature maps: after the layer's activation function, `activation` (default), or before it, `preactivation`.")] string? Tap,
    [property: FromQuery, Description("Grids of feature maps: `index` (default), or `strength`: those with the largest mean first.")] string? Order,
    [property: FromQuery, Description("Grids of feature maps: tiles in a row, 1 to 32; default 8.")] int? Columns,
    [property: FromQuery, Description("Feature maps: `true` lays them over the picture, each cell where its receptive field lies.")] bool? Overlay,
    [property: FromQuery, Description("`png` or `json` with the figures; default png, of statistics json. Feature maps also `npy` and `f32`: float32, [filters,H,W].")] string? Format,
    [property: FromQuery, Description("`pattern` (default), `weights`: the raw kernels of a convolution, or `examples`: the pictures of a data set that excite the filters most; of a layer also `receptive-field`: what one of its cells sees, and `projection`: a map of a data set's pictures.")] string? Kind,
    [property: FromQuery, Description("Kernels: `layer` (default; one scale for all filters) or `filter`.")] string? Scale,
    [property: FromQuery, Description("Kernels: the input channels shown where they are not the three colours, such as `0..15`; default the first 64.")] string? In,
    [property: FromQuery, Description("Examples, statistics and projections: a data set; by default the one that the model was trained on. Patterns of filters: measured against its pictures too.")] string? Dataset,
    [property: FromQuery, Description("Examples, statistics and projections: `validation` (default), `train` or `test`. Patterns of filters: measured against these pictures of `dataset`, or of what the model was trained on.")] string? Split,
    [property: FromQuery, Description("Examples, statistics and projections: how many pictures of the split are looked at, 1 to 5000, of projections to 2000; default 1000, for patterns 200.")] int? Pictures,
    [property: FromQuery, Description("Receptive fields: `true` also measures how much each pixel really moves the cell.")] bool? Effective,
    [property: FromQuery, Description("Receptive fields: row and column of a cell, such as `0,7`; default the middle of the map.")] string? Cell,
    [property: FromQuery, Description("Patterns: `natural` (default), `quick`: 30 steps on the pixels, coarser and several times as fast, or `article`: its two passes on the pixels, of which the second is smoothed; slow. Projections: `pca` (default), the two directions in which the pictures differ most, or `tsne`, which keeps neighbours together.")] string? Method,
    [property: FromQuery, Description("Seconds to wait for a pattern that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
{
    private const int DefaultCount = 8;
    private const int DefaultOfArray = 64;
    private const int DefaultWait = 30;

    public int Filters => Count ?? (AsArray ? DefaultOfArray : DefaultCount);

    public int First => Offset ?? 0;

    public TimeSpan Patience => TimeSpan.FromSeconds(Wait ?? DefaultWait);

    public bool AsJson => Format == "json";

    public PatternRequest Pattern => new() { Method = PatternMethods.Find(Method) ?? PatternMethod.Natural, Iterations = Iterations, Seed = Seed ?? 0, Size = Size };

    /// <summary>Patterns are measured against real pictures.</summary>
    public bool IsJudged => Dataset is not null || Split is not null;

    public bool IsKernels => Kind == "weights";

    public bool IsExamples => Kind == "examples";

    public bool IsField => Kind == "receptive-field";

    public bool IsProjection => Kind == "projection";

    /// <summary>The cell asked for; null where none is, or none can be read.</summary>
    public (int Y, int X)? Place =>
        Cell?.Split(',') is [var row, var column] && int.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var y) && int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var x)
            ? (y, x)
            : null;

    public ProjectionRequest Projection => new(Method == "tsne" ? ProjectionMethod.Tsne : ProjectionMethod.Pca, Seed ?? 0);

    /// <summary>The part of a data set asked for; null where none is, or one that there is not.</summary>
    public Core.Datasets.Split? Part => WireName.Find<Core.Datasets.Split>(Split);

    public KernelRequest Kernels => InputRange is var (first, last) ? new(Scale == "filter", first, last - first + 1) : new(Scale == "filter");

    private (int First, int Last)? InputRange =>
        In?.Split("..") is [var from, var to] && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last
            ? (first, last)
            : null;

    public FeatureMapRequest Maps => new()
    {
        Scale = MapScales.Find(Normalize),
        Colors = ColorsAsked ?? ColormapName.Viridis,
        BeforeActivation = Tap == "preactivation",
        ByStrength = Order == "strength",
        OverPicture = Overlay ?? false,
        Columns = Columns,
    };

    /// <summary>Feature maps as a file of numbers.</summary>
    public bool AsArray => Format is "npy" or "f32";

    private ColormapName? ColorsAsked => WireName.Find<ColormapName>(Colormap ?? "viridis");

    /// <summary>What a call for a layer or a filter shows.</summary>
    /// <param name="hasPicture">One was posted.</param>
    public Shown Shows(bool hasPicture) => Kind switch
    {
        null or "pattern" => hasPicture || Image is not null ? Shown.Maps : Shown.Pattern,
        "weights" => Shown.Kernels,
        "examples" => Shown.Examples,
        "receptive-field" => Shown.Field,
        "projection" => Shown.Projection,
        _ => Shown.Unknown,
    };

    /// <summary>Every broken rule that can be told without the network, of parameters without effect too; null where there are none.</summary>
    /// <param name="http">The request.</param>
    /// <param name="shown">What the call shows.</param>
    /// <param name="pattern">The rest of what patterns are asked for with.</param>
    public Problem? Check(HttpContext http, Shown shown, PatternQuery? pattern = null)
    {
        var errors = new ValidationErrors();
        IdleParameters.Check(http.Request.Query, shown, errors);
        errors.Require(Image is null || !HttpMethods.IsPost(http.Request.Method), "image", "goes with GET only: a posted picture is the one that is shown");
        errors.Require(Pictures is null || shown != Shown.Pattern || IsJudged, "pictures", "goes with split or dataset, which patterns are then measured against");
        if (pattern is not null && (shown & (Shown.Pattern | Shown.Class)) != 0)
        {
            pattern.Check(errors);
            pattern.Apply(Pattern).Check(errors);
        }

        CheckLayers(errors);
        errors.Require(
            Format is null or "png" or "json" || (AsArray && shown == Shown.Maps), "format", $"must be png or json, of feature maps also npy or f32, received \"{Format}\"");
        errors.Require(ColorsAsked is not null, "colormap", $"must be viridis, gray, inferno or turbo, received \"{Colormap}\"");
        errors.Require(Tap is null or "activation" or "preactivation", "tap", $"must be activation or preactivation, received \"{Tap}\"");
        errors.Require(Order is null or "index" or "strength", "order", $"must be index or strength, received \"{Order}\"");
        var isPattern = (shown & (Shown.Pattern | Shown.Class)) != 0;
        errors.Require(!isPattern || Method is null || PatternMethods.Find(Method) is not null, "method", $"must be {PatternMethods.Names}, received \"{Method}\"");
        errors.Require(Normalize is null || MapScales.Find(Normalize) is not null, "normalize", $"must be {MapScales.Names}, received \"{Normalize}\"");
        errors.Require(Scale is null or "layer" or "filter", "scale", $"must be layer or filter, received \"{Scale}\"");
        errors.Require(In is null || InputRange is not null, "in", $"must be two channels such as 0..15, received \"{In}\"");
        errors.Require(Split is null || Part is not null, "split", $"must be train, validation or test, received \"{Split}\"");
        errors.Require(Pictures is null or (>= 1 and <= ScanSource.Most), "pictures", $"must be between 1 and {ScanSource.Most}, received {Pictures}");
        errors.Require(Wait is null or (>= 0 and <= 300), "wait", $"must be between 0 and 300, received {Wait}");
        return errors.Any ? Problem.Validation(errors) : null;
    }

    /// <summary>Refuses a kind where there is but one thing to see.</summary>
    /// <param name="what">What is shown, in words.</param>
    public Problem? RefuseKind(string what)
    {
        var errors = new ValidationErrors();
        errors.Require(Kind is null, "kind", $"must not be given: {what}, received \"{Kind}\"");
        return errors.Any ? Problem.Validation(errors) : null;
    }

    /// <summary>The rules of what shows a layer as a whole.</summary>
    private void CheckLayers(ValidationErrors errors)
    {
        errors.Require(
            Kind is null or "pattern" or "weights" or "examples" or "receptive-field" or "projection",
            "kind",
            $"must be pattern, weights, examples, receptive-field or projection, received \"{Kind}\"");
        errors.Require(Cell is null || Place is not null, "cell", $"must be a row and a column such as 0,7, received \"{Cell}\"");
        errors.Require(!IsProjection || Method is null or "pca" or "tsne", "method", $"must be pca or tsne, received \"{Method}\"");
        errors.Require(!IsProjection || Pictures is null or <= ProjectionRequest.MostPictures, "pictures", $"must be at most {ProjectionRequest.MostPictures} for a projection, received {Pictures}");
        errors.Require(!IsProjection || Seed is null or >= 0, "seed", $"must be at least 0, received {Seed}");
    }
}
