namespace CnnService.Web.Api.Images;

/// <summary>Formats of a figure: an image, or its values.</summary>
internal enum FigureFormat
{
    Png,
    Svg,
    Json,
}
