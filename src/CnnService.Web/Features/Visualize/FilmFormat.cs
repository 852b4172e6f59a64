namespace CnnService.Web.Features.Visualize;

/// <summary>Formats of a film: a strip of tiles, an animated image, or values.</summary>
internal enum FilmFormat
{
    Png,
    Apng,
    Json,
}
