namespace CnnService.Core.Drawing.Figures;

/// <summary>A figure that is ready to be drawn, with what its file tells beside it.</summary>
/// <param name="Figure">What is to be seen.</param>
/// <param name="Text">Figures and names, as text chunks of a PNG or metadata of an SVG.</param>
/// <param name="ETag">Tag of what is drawn, hex; the style adds to it.</param>
public record DrawnFigure(Figure Figure, IReadOnlyList<KeyValuePair<string, string>> Text, string ETag);
