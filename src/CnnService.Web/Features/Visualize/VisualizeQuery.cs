using System.ComponentModel;
using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Scanning;
using CnnService.Core.Visualization;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The parameters common to the pictures.</summary>
internal sealed record VisualizeQuery(
    [property: FromQuery, Description("`name`, `name:version` or `name@alias`; may be left out where there is only one model.")] string? Model,
    [property: FromQuery, Description("`dataset/id`: shows the feature maps of this picture instead of patterns.")] string? Image,
    [property: FromQuery, Description("Grids: how many, 1 to 64; default 8. Examples: how many a filter, 1 to 16; default 9.")] int? Count,
    [property: FromQuery, Description("Grids: the first filter; default 0.")] int? Offset,
    [property: FromQuery, Description("Patterns: `natural` (default) or `quick`: 30 steps on the pixels, coarser and several times as fast.")] string? Recipe,
    [property: FromQuery, Description("Patterns: ascent steps, 16 to 2048; default 128, 256 where the receptive field is under 8 pixels and of classes, 30 with `recipe=quick`.")] int? Iterations,
    [property: FromQuery, Description("Patterns: 0 to 2147483647; default 0.")] int? Seed,
    [property: FromQuery, Description("Patterns: side in pixels, 32 to 512; by default the network's input or more.")] int? Size,
    [property: FromQuery, Description("Feature maps: `filter` (default), `layer` or `minmax`.")] string? Normalize,
    [property: FromQuery, Description("`png` or `json` with the figures; default png, of statistics json.")] string? Format,
    [property: FromQuery, Description("`pattern` (default), `weights`: the raw kernels of a convolution, or `examples`: the pictures of a data set that excite the filters most.")] string? Kind,
    [property: FromQuery, Description("Kernels: `layer` (default; one scale for all filters) or `filter`.")] string? Scale,
    [property: FromQuery, Description("Kernels: the input channels shown where they are not the three colours, such as `0..15`; default the first 64.")] string? In,
    [property: FromQuery, Description("Examples and statistics: a data set; by default the one that the model was trained on.")] string? Dataset,
    [property: FromQuery, Description("Examples and statistics: `validation` (default), `train` or `test`.")] string? Split,
    [property: FromQuery, Description("Examples and statistics: how many pictures of the split are looked at, 1 to 5000; default 1000.")] int? Pictures,
    [property: FromQuery, Description("Seconds to wait for a pattern that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
{
    private const int DefaultCount = 8;
    private const int DefaultWait = 30;

    public int Filters => Count ?? DefaultCount;

    public int First => Offset ?? 0;

    public TimeSpan Patience => TimeSpan.FromSeconds(Wait ?? DefaultWait);

    public bool AsJson => Format == "json";

    public PatternRequest Pattern(string layer) => new() { Layer = layer, Recipe = PatternRecipes.Find(Recipe) ?? PatternRecipe.Natural, Iterations = Iterations, Seed = Seed ?? 0, Size = Size };

    public bool IsKernels => Kind == "weights";

    public bool IsExamples => Kind == "examples";

    /// <summary>The part of a data set asked for; null where none is, or one that there is not.</summary>
    public Core.Datasets.Split? Part => Split switch
    {
        "train" => Core.Datasets.Split.Train,
        "validation" => Core.Datasets.Split.Validation,
        "test" => Core.Datasets.Split.Test,
        _ => null,
    };

    public KernelRequest Kernels => InputRange is var (first, last) ? new(Scale == "filter", first, last - first + 1) : new(Scale == "filter");

    private (int First, int Last)? InputRange =>
        In?.Split("..") is [var from, var to] && int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first <= last
            ? (first, last)
            : null;

    public FeatureMapRequest Maps => new() { Scale = MapScales.Find(Normalize) };

    /// <summary>The broken rules of what the pipeline does not check itself; null where there are none.</summary>
    public Problem? Check()
    {
        var errors = new ValidationErrors();
        errors.Require(Format is null or "png" or "json", "format", $"must be png or json, received \"{Format}\"");
        errors.Require(Recipe is null || PatternRecipes.Find(Recipe) is not null, "recipe", $"must be {PatternRecipes.Names}, received \"{Recipe}\"");
        errors.Require(Normalize is null || MapScales.Find(Normalize) is not null, "normalize", $"must be {MapScales.Names}, received \"{Normalize}\"");
        errors.Require(Kind is null or "pattern" or "weights" or "examples", "kind", $"must be pattern, weights or examples, received \"{Kind}\"");
        errors.Require(Scale is null or "layer" or "filter", "scale", $"must be layer or filter, received \"{Scale}\"");
        errors.Require(In is null || InputRange is not null, "in", $"must be two channels such as 0..15, received \"{In}\"");
        errors.Require(Split is null || Part is not null, "split", $"must be train, validation or test, received \"{Split}\"");
        errors.Require(Pictures is null or (>= 1 and <= ScanSource.Most), "pictures", $"must be between 1 and {ScanSource.Most}, received {Pictures}");
        errors.Require(Wait is null or (>= 0 and <= 300), "wait", $"must be between 0 and 300, received {Wait}");
        return errors.Any ? Problem.Validation(errors) : null;
    }
}
