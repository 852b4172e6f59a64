using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>An image with lines of text below, each in full within its width.</summary>
internal static class Tile
{
    private const double Gap = 4;

    /// <param name="image">The image.</param>
    /// <param name="width">Room of the lines; at least the image's.</param>
    /// <param name="lines">Each with its style.</param>
    public static Block Create(Block image, double width, params IEnumerable<(string Text, TextStyle Style)> lines) =>
        new Stack([image, new Stack([.. lines.Select(line => new Words(line.Text, line.Style, width))], 0)], Gap);
}
