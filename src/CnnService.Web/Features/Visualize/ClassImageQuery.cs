using System.ComponentModel;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of class images other than those of the ascent.</summary>
internal sealed record ClassImageQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "Data set for `colors=dataset`; default the one that the model was trained on.")] string? Dataset,
    [property: FromQuery, Description("`png` (default), `svg`, or `json`: the values.")] EnumQueryValue<FigureFormat>? Format,
    [property: FromQuery, Description(
        "Seconds to wait for a result that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
    : IValidatedQuery
{
    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsJson => Format?.Value == FigureFormat.Json;

    public void Check(ValidationErrors errors) => errors.CheckWait(Wait);
}
