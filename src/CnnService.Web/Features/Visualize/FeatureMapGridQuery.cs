using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.FeatureMaps;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Layout of a grid of feature maps.</summary>
internal sealed record FeatureMapGridQuery(
    [property: FromQuery, Description(
        "Order of the filters: `index` (default) or `strength` (largest mean activation first).")] EnumQueryValue<FeatureMapOrder>? Order,
    [property: FromQuery, Description("Tiles per row, 1 to 32; default 8.")] int? Columns) : IValidatedQuery
{
    private const int MaxColumns = 32;

    public FeatureMapRequest Apply(FeatureMapRequest request) =>
        request with { ByStrength = Order?.Value == FeatureMapOrder.Strength, Columns = Columns };

    public void Check(ValidationErrors errors) => errors.CheckRange(Columns, 1, MaxColumns, "columns");
}
