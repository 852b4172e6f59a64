using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Core.Interpretation.Patterns;

/// <summary>A finished image of patterns, with their measurements.</summary>
/// <param name="Png">The PNG file; the same request gives the same bytes.</param>
/// <param name="ETag">Strong entity tag, hex, without the quotes of HTTP.</param>
/// <param name="Figures">One a tile, in the order of the tiles.</param>
public sealed record RenderedPatterns(byte[] Png, string ETag, IReadOnlyList<PatternFigures> Figures) : RenderedImage(Png, ETag);
