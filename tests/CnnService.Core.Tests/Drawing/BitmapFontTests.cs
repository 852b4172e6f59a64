using CnnService.Core.Drawing;

namespace CnnService.Core.Tests.Drawing;

public sealed class BitmapFontTests
{
    private static readonly string[] Characters = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => ((char)code).ToString()), "·"];

    [Fact]
    public void Dots_PrintableAscii_EachLooksDifferent()
    {
        var shapes = Characters.Select(Shape).ToArray();

        Assert.Equal(96, shapes.Length);
        Assert.Equal(shapes.Length, shapes.Distinct().Count());
        Assert.DoesNotContain(Shape("é"), shapes);
        Assert.Equal("", Shape(" "));
        Assert.All(shapes.Skip(1), shape => Assert.NotEqual("", shape));
    }

    [Fact]
    public void Dots_AnyCharacter_StaysInItsCell() => Assert.All(Characters, character =>
        Assert.All(
            BitmapFont.Pixels(character), dot => Assert.True(dot.X is >= 0 and < 5 && dot.Y is >= 0 and < BitmapFont.Height, character)));

    [Fact]
    public void Dots_UnknownCharacters_AreOneBoxEach()
    {
        Assert.Equal(Shape("é"), Shape("😀"));
        Assert.Equal(BitmapFont.Width("ab"), BitmapFont.Width("é😀"));
    }

    [Fact]
    public void Dots_SecondCharacter_StandsOneAdvanceFurther() => Assert.Equal(
        BitmapFont.Pixels("H").Select(dot => (dot.X + BitmapFont.Advance, dot.Y)), BitmapFont.Pixels(" H"));

    [Fact]
    public void Dots_T_IsABarOnAStem() => Assert.Equal(
        "0,0 1,0 2,0 3,0 4,0 2,1 2,2 2,3 2,4 2,5 2,6", Shape("T"));

    private static string Shape(string text) => string.Join(' ', BitmapFont.Pixels(text).Select(dot => $"{dot.X},{dot.Y}"));
}
