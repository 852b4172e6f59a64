using System.Xml.Linq;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Drawing.Svg;
using CnnService.Core.Tests.Drawing.Figures;
using CnnService.Core.Tests.Drawing.Png;

namespace CnnService.Core.Tests.Drawing.Svg;

public sealed class SvgWriterTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly TextStyle Style = new(13, FontWeight.Semibold, Ink.Text);

    [Fact]
    public void Write_Text_IsTextWithAnchorWeightAndColour()
    {
        var shape = new TextShape(10.126, 20, "a < b & \"c\"", Style, TextAnchor.Middle, IsUpwards: true);
        var text = Assert.Single(Write(shape).Elements(Svg + "text"));

        Assert.Equal("a < b & \"c\"", text.Value);
        Assert.Equal("10.13 20 13 600 middle rotate(-90 10.13 20) #1B2127", string.Join(' ',
            new[] { "x", "y", "font-size", "font-weight", "text-anchor", "transform", "fill" }
                .Select(name => (string)text.Attribute(name)!)));
    }

    [Fact]
    public void Write_Scene_HasTitleDescriptionMetadataAndTypeface()
    {
        var root = Write(new CircleShape(1, 2, 3, Ink.Series1));

        Assert.Equal(("title & more", "what it shows"), ((string)root.Element(Svg + "title")!, (string)root.Element(Svg + "desc")!));
        Assert.Equal("value\uFFFD", ((string)root.Element(Svg + "metadata")!).Trim());
        Assert.Equal("Inter, system-ui, sans-serif", (string)root.Attribute("font-family")!);
        Assert.Equal(("0 0 100 50", "200"), ((string)root.Attribute("viewBox")!, (string)root.Attribute("width")!));
    }

    [Fact]
    public void Write_NameThatWasReplaced_StandsAsItsTitle()
    {
        var text = Assert.Single(Write(new TextShape(1, 2, "class 1", Style, Original: "猫")).Elements(Svg + "text"));

        Assert.Equal("猫", (string)text.Element(Svg + "title")!);
    }

    [Fact]
    public void Write_Image_IsEmbeddedAsPngOfItsOwnPixels()
    {
        var image = new Core.Common.PixelBuffer(2, 1, 3, [1, 2, 3, 4, 5, 6]);

        var element = Assert.Single(Write(new ImageShape(5, 6, 20, 10, image, IsSmooth: false)).Elements(Svg + "image"));

        var href = (string)element.Attribute(XName.Get("href", "http://www.w3.org/1999/xlink"))!;
        const string prefix = "data:image/png;base64,";
        Assert.StartsWith(prefix, href, StringComparison.Ordinal);
        Assert.Equal(image.Data, NaivePng.Read(Convert.FromBase64String(href[prefix.Length..])).Image.Data);
        Assert.Contains("pixelated", (string)element.Attribute("style")!, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Shapes_AreTheirElementsInOrder()
    {
        var root = Write(
            new RectangleShape(1, 2, 3, 4, Ink.Series2, Ink.Axis, 2),
            new PathShape([new(0, 0), new(5, 5)], Ink.Series1, 1.5, Dash: 4),
            new PathShape([new(0, 0), new(5, 5), new(0, 5)], null, 0, ((Paint)Ink.Series3).At(0.5)),
            new CircleShape(1, 2, 3, null, Color.FromRgb(0x123456)));

        Assert.Equal(["rect", "polyline", "polygon", "circle"], root.Elements().Skip(4).Select(element => element.Name.LocalName));
        Assert.Equal("4 4", (string)root.Element(Svg + "polyline")!.Attribute("stroke-dasharray")!);
        Assert.Equal("0.5", (string)root.Element(Svg + "polygon")!.Attribute("fill-opacity")!);
        Assert.Equal("#123456", (string)root.Element(Svg + "circle")!.Attribute("stroke")!);
    }

    [Fact]
    public void Write_DarkTheme_HasOtherColoursAndTheSameShapes()
    {
        var scene = Laid.Out(new Figure { Title = "t", Description = "d", Content = new Words("words", Typography.Body) });
        var (light, dark) = (Parse(scene, Theme.Light), Parse(scene, Theme.Dark));

        Assert.Equal(light.Elements().Select(element => element.Name), dark.Elements().Select(element => element.Name));
        Assert.NotEqual((string)light.Element(Svg + "rect")!.Attribute("fill")!, (string)dark.Element(Svg + "rect")!.Attribute("fill")!);
    }

    /// <summary>Ratio of luminances (WCAG 2.2): 4.5 for text, 3 for lines and marks.</summary>
    [Theory]
    [InlineData(ThemeName.Light)]
    [InlineData(ThemeName.Dark)]
    public void Theme_Contrast_IsEnoughToBeRead(ThemeName name)
    {
        var theme = Theme.Get(name);
        double Contrast(Ink ink)
        {
            var (one, other) = (Luminance(theme[ink]), Luminance(theme[Ink.Paper]));
            return (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);
        }

        Assert.All(new[] { Ink.Text, Ink.Faint }, ink => Assert.True(Contrast(ink) >= 4.5, $"{ink}: {Contrast(ink):F2}"));
        Assert.All(new[] { Ink.Series1, Ink.Series2, Ink.Series3 }, ink => Assert.True(Contrast(ink) >= 3, $"{ink}: {Contrast(ink):F2}"));
    }

    private static double Luminance(Color color)
    {
        static double Linear(byte value) =>
            value / 255.0 <= 0.04045 ? value / 255.0 / 12.92 : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
        return (0.2126 * Linear(color.Red)) + (0.7152 * Linear(color.Green)) + (0.0722 * Linear(color.Blue));
    }

    private static XElement Write(params Shape[] shapes) =>
        Parse(new(100, 50, shapes, "title & more", "what it shows", new Dictionary<string, string>()), Theme.Light);

    private static XElement Parse(Scene scene, Theme theme) => XDocument.Parse(System.Text.Encoding.UTF8.GetString(
        new SvgWriter(new PngEncoder()).Write(scene, theme, 2, [new("cnnservice:key", "value\u0001")]))).Root!;
}
