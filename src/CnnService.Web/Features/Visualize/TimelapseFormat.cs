namespace CnnService.Web.Features.Visualize;

/// <summary>Formats of a timelapse: a strip of tiles, an animated image, or values.</summary>
internal enum TimelapseFormat
{
    Png,
    Svg,
    Apng,
    Json,
}
