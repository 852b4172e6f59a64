using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>A moment of a film.</summary>
/// <param name="Image">Grey or RGB.</param>
/// <param name="Figures">Of the moment and of the image.</param>
public sealed record FilmFrame(PixelBuffer Image, FilmFigures Figures);
