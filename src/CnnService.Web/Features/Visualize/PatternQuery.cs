using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Patterns;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of filter patterns other than those of the ascent.</summary>
internal sealed record PatternQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; may be left out where there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "`channel` (default; all cells of the map) or `neuron` (the one in the middle).")] EnumQueryValue<PatternObjective>? Objective,
    [property: FromQuery, Description(
        "`method=natural`: so many images of each filter that differ in texture, 1 to 4; default "
        + "1. The figures are a list then.")] int? Diversity,
    [property: FromQuery, Description(
        "A data set that the patterns are measured against; its colours with `colors=dataset`. By default the one that the model was "
        + "trained on.")] string? Dataset,
    [property: FromQuery, Description(
        "`validation` (default where `dataset` is given), `train` or `test`: measured against these images.")] EnumQueryValue<Split>? Split,
    [property: FromQuery, Description("With `split` or `dataset`: how many images are looked at, 1 to 5000; default 200.")] int? Images,
    [property: FromQuery, Description("`png` (default) or `json`: the figures.")] EnumQueryValue<FigureFormat>? Format,
    [property: FromQuery, Description("Seconds to wait for what is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
    : IValidatedQuery
{
    public bool IsJson => Format?.Value == FigureFormat.Json;

    /// <summary>Whether activations are compared with those of real images.</summary>
    public bool IsJudged => Dataset is not null || Split is not null;

    public int Looked => Images ?? PatternJudge.DefaultImages;

    public PatternRequest Request(AscentQuery ascent) => ascent.Request with
    {
        Objective = Objective?.Value ?? PatternObjective.Channel,
        Diversity = Diversity ?? 1,
    };

    public void Check(ValidationErrors errors)
    {
        new PatternRequest { Diversity = Diversity ?? 1 }.Check(errors);
        errors.Require(Images is null || IsJudged, "images", "goes with split or dataset, which patterns are then measured against");
        errors.CheckRange(Images, 1, ScanSource.MaxImages, "images");
        errors.CheckWait(Wait);
    }
}
