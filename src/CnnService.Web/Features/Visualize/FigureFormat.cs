namespace CnnService.Web.Features.Visualize;

/// <summary>Formats of a figure: an image, or its values.</summary>
internal enum FigureFormat
{
    Png,
    Json,
}
