using System.ComponentModel;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.FeatureMaps;
using CnnService.Core.Interpretation.Layers;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of the sheet of feature maps.</summary>
internal sealed record FeatureMapSheetQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "`minmax` (default), `filter` or `layer`, as for a layer's maps.")] EnumQueryValue<FeatureMapScale>? Normalize,
    [property: FromQuery, Description("`viridis` (default), `gray`, `inferno` or `turbo`.")] EnumQueryValue<ColormapName>? Colormap,
    [property: FromQuery, Description(
        "`activation` (default; after the layers' activation functions) or `preactivation` (before "
        + "them).")] EnumQueryValue<FeatureMapTap>? Tap,
    [property: FromQuery, Description("`true` overlays them on the image, each cell at its receptive field.")] bool? Overlay,
    [property: FromQuery, Description(
        "`png` (default), `svg`, or `json`: the sparsity of each layer.")] EnumQueryValue<FigureFormat>? Format)
{
    public bool IsSvg => Format?.Value == FigureFormat.Svg;

    public bool IsJson => Format?.Value == FigureFormat.Json;

    public FeatureMapRequest Request => new()
    {
        Scale = Normalize?.Value,
        Colors = Colormap?.Value ?? ColormapName.Viridis,
        BeforeActivation = Tap?.Value == FeatureMapTap.Preactivation,
        OverImage = Overlay ?? false,
    };
}
