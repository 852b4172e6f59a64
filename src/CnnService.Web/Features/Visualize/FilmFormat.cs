namespace CnnService.Web.Features.Visualize;

/// <summary>A film as a strip of tiles, as an image that moves, or in figures.</summary>
internal enum FilmFormat
{
    Png,
    Apng,
    Json,
}
