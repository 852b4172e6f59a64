using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>Patterns as a figure, with their measurements.</summary>
/// <param name="Figure">What is to be seen.</param>
/// <param name="Text">Told in the file.</param>
/// <param name="ETag">Tag of what is drawn, hex.</param>
/// <param name="Figures">One a tile, in the order of the tiles.</param>
public sealed record RenderedPatterns(
    Figure Figure, IReadOnlyList<KeyValuePair<string, string>> Text, string ETag, IReadOnlyList<PatternFigures> Figures)
    : DrawnFigure(Figure, Text, ETag);
