using System.ComponentModel;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of filter statistics other than the data set.</summary>
internal sealed record StatisticsQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description("`json` (default), or `png` and `svg`: a bar chart.")] EnumQueryValue<FigureFormat>? Format,
    [property: FromQuery, Description(
        "Seconds to wait for a result that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
    : IValidatedQuery
{
    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsJson => Format is null or { Value: FigureFormat.Json };

    public void Check(ValidationErrors errors) => errors.CheckWait(Wait);
}
