using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Draws figures. Deterministic: the same figure in the same style gives the same bytes. Problem code:
/// <c>figure.too-large</c>. Thread safe.</summary>
public interface IFigureRenderer
{
    /// <summary>The file: a PNG with text chunks, or an SVG with the same as metadata.</summary>
    /// <param name="figure">What to draw.</param>
    /// <param name="style">Theme, scale and format.</param>
    /// <param name="text">Figures and names that the file tells beside title and description.</param>
    Outcome<byte[]> Render(Figure figure, FigureStyle style, IReadOnlyList<KeyValuePair<string, string>> text);

    /// <summary>An animated PNG that loops for ever.</summary>
    /// <param name="frames">At least one, all of one layout, each with its delay of at most 65.535 s.</param>
    /// <param name="style">Theme and scale.</param>
    /// <param name="text">As in <see cref="Render"/>.</param>
    Outcome<byte[]> Animate(
        IReadOnlyList<(Figure Figure, TimeSpan Delay)> frames, FigureStyle style, IReadOnlyList<KeyValuePair<string, string>> text);
}
