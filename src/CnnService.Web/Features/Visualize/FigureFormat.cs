namespace CnnService.Web.Features.Visualize;

/// <summary>A figure as an image, or what it shows in numbers.</summary>
internal enum FigureFormat
{
    Png,
    Json,
}
