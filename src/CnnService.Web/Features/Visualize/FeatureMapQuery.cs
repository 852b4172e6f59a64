using System.ComponentModel;
using CnnService.Core.Drawing;
using CnnService.Core.Interpretation.FeatureMaps;
using CnnService.Core.Interpretation.Layers;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of a layer's feature maps.</summary>
internal sealed record FeatureMapQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "`minmax` (default; each map from 0 to its largest), `layer` (one scale for all; default of a vector) or `filter` ("
        + "each map by its mean and deviation, as the article).")] EnumQueryValue<FeatureMapScale>? Normalize,
    [property: FromQuery, Description("`viridis` (default), `gray`, `inferno` or `turbo`.")] EnumQueryValue<ColormapName>? Colormap,
    [property: FromQuery, Description(
        "`activation` (default; after the layer's activation function) or `preactivation` (before "
        + "it).")] EnumQueryValue<FeatureMapTap>? Tap,
    [property: FromQuery, Description("`true` overlays them on the image, each cell at its receptive field.")] bool? Overlay,
    [property: FromQuery, Description(
        "`png` (default), `svg`, `json` with the maps in numbers, or `npy` and `f32`: "
        + "float32, [filters,H,W].")] EnumQueryValue<FeatureMapFormat>? Format)
{
    public FeatureMapFormat Form => Format?.Value ?? FeatureMapFormat.Png;

    public bool IsFigure => Form is FeatureMapFormat.Png or FeatureMapFormat.Svg;

    public bool IsArray => Form is FeatureMapFormat.Npy or FeatureMapFormat.F32;

    public FeatureMapRequest Request => new()
    {
        Scale = Normalize?.Value,
        Colors = Colormap?.Value ?? ColormapName.Viridis,
        BeforeActivation = Tap?.Value == FeatureMapTap.Preactivation,
        OverImage = Overlay ?? false,
    };
}
