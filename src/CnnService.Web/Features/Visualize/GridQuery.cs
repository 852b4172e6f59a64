using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.ClassImages;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The tiles of a grid.</summary>
internal sealed record GridQuery(
    [property: FromQuery, Description(
        "Number of filters or classes, 1 to 64; default 8, with `format=npy` or `f32` 64. Fewer at the end of the layer or "
        + "of the classes.")] int? Count,
    [property: FromQuery, Description("Index of the first one; default 0.")] int? Offset) : IValidatedQuery
{
    private const int DefaultTiles = 8;

    public int First => Offset ?? 0;

    public int Tiles => Count ?? DefaultTiles;

    public void Check(ValidationErrors errors)
    {
        errors.CheckRange(Count, 1, ClassImageRequest.MaxClasses, "count");
        errors.Require(Offset is null or >= 0, "offset", $"must be at least 0, received {Offset}");
    }
}
