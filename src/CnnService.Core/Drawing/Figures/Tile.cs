using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Figures;

/// <summary>A picture with lines of text below, each in full within its width.</summary>
internal static class Tile
{
    private const double Gap = 4;

    /// <param name="picture">The picture.</param>
    /// <param name="width">Room of the lines; at least the picture's.</param>
    /// <param name="lines">Each with its style.</param>
    public static Block Create(Block picture, double width, params IEnumerable<(string Text, TextStyle Style)> lines) =>
        new Stack([picture, new Stack([.. lines.Select(line => new Words(line.Text, line.Style, width))], 0)], Gap);
}
