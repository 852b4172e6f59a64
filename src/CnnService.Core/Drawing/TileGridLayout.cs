namespace CnnService.Core.Drawing;

/// <summary>Positions of the parts of a tile grid, in pixels.</summary>
internal sealed class TileGridLayout
{
    public const int Margin = 4;
    public const int TitleScale = 2;
    public const int LabelGap = 2;

    private readonly int _columns;
    private readonly int _tileWidth;
    private readonly int _tileHeight;

    public TileGridLayout(int tiles, int columns, int tileWidth, int tileHeight, string title)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tiles, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (_columns, _tileWidth, _tileHeight) = (Math.Min(columns, tiles), tileWidth, tileHeight);
        var rows = (tiles + _columns - 1) / _columns;
        Width = Math.Max(_columns * (tileWidth + Margin), BitmapFont.Width(title) * TitleScale + Margin) + Margin;
        Height = Top + (rows * RowHeight);
    }

    public int Width { get; }

    public int Height { get; }

    private static int Top => Margin + (BitmapFont.Height * TitleScale) + Margin;

    private int RowHeight => _tileHeight + LabelGap + BitmapFont.Height + Margin;

    /// <summary>The upper left corner of a tile.</summary>
    public (int Left, int Top) TilePosition(int index) =>
        (Margin + (index % _columns * (_tileWidth + Margin)), Top + (index / _columns * RowHeight));
}
