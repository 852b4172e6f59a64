using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>Arranges tiles in rows, with a label below each and a title on top. Tile pixels are copied unscaled.</summary>
public static class TileGrid
{
    public const int DefaultColumns = 8;

    private static readonly Color Background = Color.FromRgb(0x101418);
    private static readonly Color TitleColor = Color.FromRgb(0xF2F5F7);
    private static readonly Color LabelColor = Color.FromRgb(0xAEBAC4);

    /// <param name="title">One line.</param>
    /// <param name="tiles">At least one; all of one size.</param>
    /// <param name="columns">Tiles per row; the last row may be shorter.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<GridTile> tiles, int columns = DefaultColumns)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentOutOfRangeException.ThrowIfZero(tiles.Count);
        var (width, height) = (tiles[0].Image.Width, tiles[0].Image.Height);
        if (tiles.Any(tile => tile.Image.Width != width || tile.Image.Height != height))
        {
            throw new ArgumentException("The tiles of a grid have one size.", nameof(tiles));
        }

        var layout = new TileGridLayout(tiles.Count, columns, width, height, title);
        var canvas = new Canvas(layout.Width, layout.Height, Background);
        canvas.DrawText(title, TileGridLayout.Margin, TileGridLayout.Margin, TitleColor, TileGridLayout.TitleScale);
        for (var i = 0; i < tiles.Count; i++)
        {
            var (left, top) = layout.TilePosition(i);
            canvas.DrawImage(tiles[i].Image, left, top);
            canvas.DrawText(Label(tiles[i], width), left, top + height + TileGridLayout.LabelGap, LabelColor);
        }

        return canvas.Image;
    }

    private static string Label(GridTile tile, int width) => BitmapFont.Width(tile.Label) <= width ? tile.Label : tile.ShortLabel;
}

/// <param name="Image">Grey or RGB.</param>
/// <param name="Label">Shown below the tile.</param>
/// <param name="ShortLabel">Shown instead where the tile is too narrow for the label.</param>
public sealed record GridTile(PixelBuffer Image, string Label, string ShortLabel);
