using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Patterns;
using CnnService.Core.Interpretation.Scans;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of filter patterns other than those of the ascent.</summary>
internal sealed record PatternQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "`channel` (default; all cells of the map) or `neuron` (the one in the middle).")] EnumQueryValue<PatternObjective>? Objective,
    [property: FromQuery, Description(
        "`method=natural`: number of images per filter that differ in texture, 1 to 4; default 1. With more, the "
        + "values are a list.")] int? Diversity,
    [property: FromQuery, Description(
        "Data set whose images the activations are compared with, and whose colours are used with `colors=dataset`; "
        + "default the one that the model was trained on.")] string? Dataset,
    [property: FromQuery, Description(
        "Split of the images to compare with: `validation` (default if `dataset` is given), `train` or "
        + "`test`.")] EnumQueryValue<Split>? Split,
    [property: FromQuery, Description("With `split` or `dataset`: maximum number of images, 1 to 5000; default 200.")] int? Images,
    [property: FromQuery, Description("`png` (default), `svg`, or `json`: the values.")] EnumQueryValue<FigureFormat>? Format,
    [property: FromQuery, Description(
        "Seconds to wait for a result that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
    : IValidatedQuery
{
    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsJson => Format?.Value == FigureFormat.Json;

    /// <summary>Whether activations are compared with those of real images.</summary>
    public bool IsJudged => Dataset is not null || Split is not null;

    public int ImageCount => Images ?? PatternComparison.DefaultImages;

    public PatternRequest Request(AscentQuery ascent) => ascent.Request with
    {
        Objective = Objective?.Value ?? PatternObjective.Channel,
        Diversity = Diversity ?? 1,
    };

    public void Check(ValidationErrors errors)
    {
        errors.CheckRange(Diversity, 1, PatternRequest.MaxDiversity, "diversity");
        errors.Require(Images is null || IsJudged, "images", "goes with split or dataset, which patterns are then measured against");
        errors.CheckRange(Images, 1, ScanSource.MaxImages, "images");
        errors.CheckWait(Wait);
    }
}
