using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.ClassImages;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>The tiles of a grid.</summary>
internal sealed record GridQuery(
    [property: FromQuery, Description(
        "How many, 1 to 64; default 8, of `format=npy` and `f32` 64. Fewer where the layer, or the classes, end.")] int? Count,
    [property: FromQuery, Description("The first of them; default 0.")] int? Offset) : IValidatedQuery
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
