using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Tests.Drawing.Figures;

public sealed class FigureLayoutTests
{
    private static readonly PixelBuffer Small = new(3, 2, 1, [0, 50, 100, 150, 200, 250]);

    [Fact]
    public void Arrange_LongTitle_IsBrokenIntoLinesAndNeverCut()
    {
        var title = string.Join(' ', Enumerable.Range(0, 30).Select(i => $"word{i}"));

        var lines = Laid.Out(Some(title)).All<TextShape>().Where(text => text.Style == Typography.Title).ToArray();

        Assert.True(lines.Length > 2);
        Assert.Equal(title, string.Join(' ', lines.Select(line => line.Text)));
        Assert.Equal(lines.Length, lines.Select(line => line.Y).Distinct().Count());
    }

    [Fact]
    public void Arrange_WordWiderThanTheFigure_IsBrokenWithinAndNothingIsLost()
    {
        var title = new string('x', 400);

        var lines = Laid.Out(Some(title)).All<TextShape>().Where(text => text.Style == Typography.Title);

        Assert.Equal(title, string.Concat(lines.Select(line => line.Text)));
    }

    [Fact]
    public void Arrange_TitleContentAndNotes_StandBelowEachOther()
    {
        var scene = Laid.Out(Some("title") with { Subtitle = "subtitle", Notes = ["note"] });

        var image = Assert.Single(scene.All<ImageShape>());
        Assert.True(scene.Text("title").Y < scene.Text("subtitle").Y);
        Assert.True(scene.Text("subtitle").Y < image.Y);
        Assert.True(image.Y + image.Height < scene.Text("note").Y);
        Assert.Equal(("title", "what it shows"), (scene.Title, scene.Description));
    }

    [Fact]
    public void Arrange_ClassNameThatCannotBeWritten_IsShownByItsNumber()
    {
        var scene = Laid.Out(Some("猫 taken for dog") with { Names = ["dog", "猫"] });

        var title = scene.Text("class 1 taken for dog");
        Assert.Equal("猫 taken for dog", title.Original);
        Assert.Equal(new Dictionary<string, string> { ["class 1"] = "猫" }, scene.Replaced);
    }

    [Fact]
    public void Arrange_NameThatIsPartOfAnother_IsReplacedAfterIt()
    {
        var scene = Laid.Out(Some("猫 and 山猫") with { Names = ["猫", "山猫"] });

        Assert.Equal("class 0 and class 1", Assert.Single(scene.Texts()));
    }

    [Fact]
    public void Arrange_OtherTextThatCannotBeWritten_HasQuestionMarks() =>
        Assert.Equal("data set ??", Assert.Single(Laid.Out(Some("data set 画像")).Texts()));

    [Fact]
    public void Arrange_BareImage_IsNothingElse()
    {
        var scene = Laid.Out(Some("title") with { IsBare = true });

        var image = Assert.IsType<ImageShape>(Assert.Single(scene.Shapes));
        Assert.Equal((3, 2), (scene.Width, scene.Height));
        Assert.Equal((0, 0, 3, 2), (image.X, image.Y, image.Width, image.Height));
    }

    [Theory]
    [InlineData(64, 64, 128, false, 128, 128)]
    [InlineData(50, 25, 128, false, 150, 75)] // The least whole factor that is enough.
    [InlineData(50, 25, 128, true, 128, 64)]
    [InlineData(200, 10, 128, false, 200, 10)]
    public void AtLeast_Image_HasThatSide(int width, int height, int side, bool isSmooth, int wide, int high)
    {
        var block = ImageBlock.AtLeast(new(width, height, 1), side, isSmooth);

        Assert.Equal((wide, high), (block.Width, block.Height));
    }

    [Fact]
    public void Tiles_Seven_StandInRowsOfThreeWithoutOverlap()
    {
        var scene = Laid.Out(Some("t") with
        {
            Content = new Tiles(
                [.. Enumerable.Range(0, 7).Select(i =>
                    Tile.Create(ImageBlock.AtLeast(Small, 60, false), 60, ($"tile {i}", Typography.Small)))], 3),
        });

        var images = scene.All<ImageShape>();
        Assert.Equal([3, 3, 1], images.CountBy(image => image.Y).Select(row => row.Value));
        Assert.Equal(3, images.Select(image => image.X).Distinct().Count());
        for (var i = 0; i < images.Count; i++)
        {
            var label = scene.Text($"tile {i}");
            Assert.Equal(images[i].X, label.X);
            Assert.InRange(label.Y, images[i].Y + images[i].Height, images[i].Y + images[i].Height + 30);
        }
    }

    [Fact]
    public void Tile_LongLine_IsBrokenToItsWidth()
    {
        var scene = Laid.Out(Some("t") with
        {
            Content = Tile.Create(ImageBlock.AtLeast(Small, 60, false), 60, ("dead: no image excites it", Typography.Small)),
        });

        var lines = scene.All<TextShape>().Where(text => text.Style == Typography.Small).ToArray();
        Assert.Equal("dead: no image excites it", string.Join(' ', lines.Select(line => line.Text)));
        Assert.All(lines, line => Assert.True(Laid.Bounds(line).Right <= 20 + 60 + 0.5));
    }

    [Fact]
    public void ColorBar_Numbers_StandWhereTheirColoursAre()
    {
        var scene = Laid.Out(Some("t") with
        {
            Content = new ColorBar(CnnService.Core.Drawing.Colormap.Viridis.Colors, 0, 4, "activation"),
        });

        var bar = Assert.Single(scene.All<ImageShape>());
        Assert.Equal([68, 1, 84], bar.Image.Pixel(0, 0).ToArray());
        Assert.Equal([253, 231, 37], bar.Image.Pixel(bar.Image.Width - 1, 0).ToArray());
        foreach (var (text, share) in new[] { ("0", 0.0), ("2", 0.5), ("4", 1) })
        {
            Assert.Equal(bar.X + (share * bar.Width), scene.Text(text).X, 1e-9);
        }
    }

    private static Figure Some(string title) =>
        new() { Title = title, Description = "what it shows", Content = new ImageBlock(Small, 3, 2, IsSmooth: false) };
}
