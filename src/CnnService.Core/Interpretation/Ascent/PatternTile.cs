using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>A pattern with measurements made on its 8-bit image.</summary>
/// <param name="Image">RGB or grey, without label.</param>
/// <param name="Figures">What was measured.</param>
public sealed record PatternTile(PixelBuffer Image, PatternFigures Figures);
