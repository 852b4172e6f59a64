using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Examples;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of the images with the highest activations other than the data set.</summary>
internal sealed record ExamplesQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description("Number of images per filter, 1 to 16; default 9.")] int? Count,
    [property: FromQuery, Description("`png` (default), `svg`, or `json`: the values.")] EnumQueryValue<FigureFormat>? Format,
    [property: FromQuery, Description(
        "Seconds to wait for a result that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait)
    : IValidatedQuery
{
    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsJson => Format?.Value == FigureFormat.Json;

    public int Examples => Count ?? ExampleRequest.DefaultCount;

    public void Check(ValidationErrors errors)
    {
        errors.CheckRange(Count, 1, ExampleRequest.MaxCount, "count");
        errors.CheckWait(Wait);
    }
}
