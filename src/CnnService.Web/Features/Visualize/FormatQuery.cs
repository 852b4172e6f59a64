using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The format of a figure.</summary>
internal sealed record FormatQuery(
    [property: FromQuery, Description("`png` (default), `svg`, or `json`: the values.")] EnumQueryValue<FigureFormat>? Format)
{
    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsJson => Format?.Value == FigureFormat.Json;
}
