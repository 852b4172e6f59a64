using CnnService.Core.Common;

namespace CnnService.Core.Drawing;

/// <summary>Arranges tiles in rows, with a label below each and a title on top. Tile pixels are copied unscaled.</summary>
public static class TileGrid
{
    public const int UsualColumns = 8;

    private static readonly Color Background = Color.Of(0x101418);
    private static readonly Color TitleColor = Color.Of(0xF2F5F7);
    private static readonly Color LabelColor = Color.Of(0xAEBAC4);

    /// <param name="title">One line.</param>
    /// <param name="tiles">At least one; all of one size.</param>
    /// <param name="columns">Tiles per row; the last row may be shorter.</param>
    public static PixelBuffer Compose(string title, IReadOnlyList<GridTile> tiles, int columns = UsualColumns)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentOutOfRangeException.ThrowIfZero(tiles.Count);
        var (width, height) = (tiles[0].Picture.Width, tiles[0].Picture.Height);
        if (tiles.Any(tile => tile.Picture.Width != width || tile.Picture.Height != height))
        {
            throw new ArgumentException("The tiles of a grid have one size.", nameof(tiles));
        }

        var layout = new TileGridLayout(tiles.Count, columns, width, height, title);
        var canvas = new Canvas(layout.Width, layout.Height, Background);
        canvas.Write(title, TileGridLayout.Margin, TileGridLayout.Margin, TitleColor, TileGridLayout.TitleScale);
        for (var i = 0; i < tiles.Count; i++)
        {
            var (left, top) = layout.Tile(i);
            canvas.Place(tiles[i].Picture, left, top);
            canvas.Write(Label(tiles[i], width), left, top + height + TileGridLayout.LabelGap, LabelColor);
        }

        return canvas.Picture;
    }

    private static string Label(GridTile tile, int width) => BitmapFont.Width(tile.Label) <= width ? tile.Label : tile.ShortLabel;
}

/// <param name="Picture">Grey or RGB.</param>
/// <param name="Label">Shown below the tile.</param>
/// <param name="ShortLabel">Shown instead where the tile is too narrow for the label.</param>
public sealed record GridTile(PixelBuffer Picture, string Label, string ShortLabel);
