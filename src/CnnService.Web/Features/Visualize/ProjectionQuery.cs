using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Projection;
using CnnService.Core.Interpretation.Scans;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of a projection.</summary>
internal sealed record ProjectionQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "`pca` (default; the two directions of largest variance) or `tsne` (which preserves "
        + "neighbourhoods).")] EnumQueryValue<ProjectionMethod>? Method,
    [property: FromQuery, Description("t-SNE: random seed, 0 to 2147483647; default 0.")] int? Seed,
    [property: FromQuery, Description("A data set; by default the one that the model was trained on.")] string? Dataset,
    [property: FromQuery, Description("`validation` (default), `train` or `test`.")] EnumQueryValue<Split>? Split,
    [property: FromQuery, Description("Maximum number of images of the split, 1 to 2000; default 1000.")] int? Images,
    [property: FromQuery, Description("`png` (default), `svg`, or `json`: the values.")] EnumQueryValue<FigureFormat>? Format,
    [property: FromQuery, Description(
        "Seconds to wait for a result that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
    : IValidatedQuery
{
    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsJson => Format?.Value == FigureFormat.Json;

    public int ImageCount => Images ?? ScanSource.DefaultImages;

    public ProjectionRequest Request => new(Method?.Value ?? ProjectionMethod.Pca, Seed ?? 0);

    public void Check(ValidationErrors errors)
    {
        errors.CheckRange(Seed, 0, int.MaxValue, "seed");
        errors.CheckRange(Images, 1, ProjectionRequest.MaxImages, "images");
        errors.CheckWait(Wait);
    }
}
