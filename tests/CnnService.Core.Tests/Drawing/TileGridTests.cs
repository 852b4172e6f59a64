using CnnService.Core.Common;
using CnnService.Core.Drawing;

namespace CnnService.Core.Tests.Drawing;

public sealed class TileGridTests
{
    private const int Side = 70;

    // Margin 4, title 9 dots of 2 pixels; a row: tile, gap 2, label 9, margin 4.
    private const int Top = 4 + 18 + 4;
    private const int Row = Side + 2 + 9 + 4;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(8, 8, 1)]
    [InlineData(10, 8, 2)]
    [InlineData(17, 8, 3)]
    public void Compose_Tiles_FillRowsOfEight(int count, int columns, int rows)
    {
        var grid = TileGrid.Compose("t", Tiles(count));

        Assert.Equal((columns * (Side + 4)) + 4, grid.Width);
        Assert.Equal(Top + (rows * Row), grid.Height);
    }

    [Fact]
    public void Compose_TenTiles_EachLiesUnchangedInItsPlaceAndTheRestIsGround()
    {
        var tiles = Tiles(10);
        var grid = TileGrid.Compose("title", tiles);

        for (var i = 0; i < tiles.Length; i++)
        {
            var (left, top) = (4 + (i % 8 * (Side + 4)), Top + (i / 8 * Row));
            Assert.Equal(tiles[i].Image.Data, Cut(grid, left, top));
        }

        Assert.Equal(new byte[] { 0x10, 0x14, 0x18 }, grid.Pixel(0, 0).ToArray());
        Assert.Equal(new byte[] { 0x10, 0x14, 0x18 }, grid.Pixel(4 + (2 * (Side + 4)), Top + Row + 10).ToArray());
    }

    [Fact]
    public void Compose_Label_StandsUnderItsTile()
    {
        var grid = TileGrid.Compose("t", Tiles(2));

        bool IsInk(int x, int y) => grid.Pixel(x, y)[0] > 0x80;
        var dots = BitmapFont.Pixels("conv · 1").ToHashSet();
        for (var y = 0; y < BitmapFont.Height; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                Assert.Equal(dots.Contains((x, y)), IsInk(4 + Side + 4 + x, Top + Side + 2 + y));
            }
        }
    }

    [Fact]
    public void Compose_NarrowTiles_TakeTheShortLabel()
    {
        GridTile[] named = [new(new PixelBuffer(20, 20, 1), "a_long_name · 3", "3")];
        GridTile[] numbered = [new(new PixelBuffer(20, 20, 1), "3", "3")];

        Assert.Equal(TileGrid.Compose("t", numbered).Data, TileGrid.Compose("t", named).Data);
    }

    [Fact]
    public void Compose_LongTitle_FitsIntoTheImage()
    {
        var title = new string('M', 40);

        var grid = TileGrid.Compose(title, Tiles(1));

        Assert.Equal(4 + (BitmapFont.Width(title) * 2) + 4, grid.Width);
    }

    [Fact]
    public void Compose_TilesOfSeveralSizes_Throws() => Assert.Throws<ArgumentException>(() => TileGrid.Compose(
        "t", [new(new PixelBuffer(4, 4, 1), "a", "a"), new(new PixelBuffer(5, 4, 1), "b", "b")]));

    [Fact]
    public void Enlarge_Factor_MakesConstantBlocks()
    {
        var small = new PixelBuffer(2, 1, 1, [3, 9]);

        var large = ImageScaling.Enlarge(small, 3);

        Assert.Equal(Enumerable.Repeat(new byte[] { 3, 3, 3, 9, 9, 9 }, 3).SelectMany(row => row), large.Data);
    }

    [Theory]
    [InlineData(15, 15, 8)]
    [InlineData(37, 20, 3)]
    [InlineData(128, 128, 1)]
    [InlineData(400, 1, 1)]
    public void UsualFactor_Map_StaysWithinTheUsualSide(int width, int height, int factor) =>
        Assert.Equal(factor, ImageScaling.DefaultFactor(width, height));

    private static GridTile[] Tiles(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var image = new PixelBuffer(Side, Side, 3);
            for (var at = 0; at < image.Data.Length; at++)
            {
                image.Data[at] = (byte)((at * 3) + (i * 50));
            }

            return new GridTile(image, $"conv · {i}", $"{i}");
        }),
    ];

    private static byte[] Cut(PixelBuffer image, int left, int top) =>
    [
        .. from y in Enumerable.Range(0, Side)
           from x in Enumerable.Range(0, Side)
           from value in image.Pixel(left + x, top + y).ToArray()
           select value,
    ];
}
