using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>A moment of a film.</summary>
/// <param name="Picture">Grey or RGB.</param>
/// <param name="Figures">Of the moment and of the picture.</param>
public sealed record FilmFrame(PixelBuffer Picture, FilmFigures Figures);
