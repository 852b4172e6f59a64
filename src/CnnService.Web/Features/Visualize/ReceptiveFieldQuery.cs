using System.ComponentModel;
using CnnService.Core.Interpretation.ReceptiveFields;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of a receptive field.</summary>
internal sealed record ReceptiveFieldQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "`true` also measures the effective receptive field: how much each pixel influences the cell.")] bool? Effective,
    [property: FromQuery, Description("Row and column of a cell, such as `0,7`; default the middle of the feature map.")] CellPlace? Cell,
    [property: FromQuery, Description("`png` (default), `svg`, or `json`: the values.")] EnumQueryValue<FigureFormat>? Format)
{
    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsJson => Format?.Value == FigureFormat.Json;

    public ReceptiveFieldRequest Request => new(Cell is { } cell ? (cell.Row, cell.Column) : null, Effective is true);
}
