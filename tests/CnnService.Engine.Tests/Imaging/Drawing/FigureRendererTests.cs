using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Training;
using CnnService.Imaging.Codec;
using CnnService.Imaging.Drawing;
using Microsoft.Extensions.Options;
using SkiaSharp;

namespace CnnService.Engine.Tests.Imaging.Drawing;

public sealed class FigureRendererTests : IDisposable
{
    private readonly Typefaces _typefaces = new(Options.Create(new DrawingOptions()));
    private readonly FigureRenderer _renderer;

    public FigureRendererTests() => _renderer = new(_typefaces, new PngEncoder());

    public static TheoryData<ThemeName, int, FigureForm> Styles => new()
    {
        { ThemeName.Light, 1, FigureForm.Png },
        { ThemeName.Dark, 3, FigureForm.Png },
        { ThemeName.Light, 1, FigureForm.Svg },
        { ThemeName.Dark, 3, FigureForm.Svg },
    };

    public void Dispose() => _typefaces.Dispose();

    /// <summary>Typefaces are loaded anew and glyphs measured in another order: the bytes are the same.</summary>
    [Theory]
    [MemberData(nameof(Styles))]
    public void Render_SameFigureTwice_GivesTheSameBytes(ThemeName theme, int scale, FigureForm form)
    {
        using var others = new Typefaces(Options.Create(new DrawingOptions()));
        var other = new FigureRenderer(others, new PngEncoder());
        other.Render(Sweep(), FigureStyle.Default, []);
        var style = new FigureStyle(theme, scale, form);

        Assert.All(
            new[] { Curves(), Sweep() },
            figure => Assert.Equal(Hash(_renderer.Render(figure, style, []).Value), Hash(other.Render(figure, style, []).Value)));
    }

    [Fact]
    public void Render_Scaled_IsThatManyTimesAsLarge()
    {
        var (one, three) = (Size(new()), Size(new(Scale: 3)));

        Assert.Equal((3 * one.Width, 3 * one.Height), three);

        (int Width, int Height) Size(FigureStyle style)
        {
            using var codec = SKCodec.Create(new MemoryStream(_renderer.Render(Curves(), style, []).Value));
            return (codec.Info.Width, codec.Info.Height);
        }
    }

    [Fact]
    public void Render_DarkTheme_IsDarkPaper()
    {
        Assert.Equal(new SKColor(0xFF, 0xFF, 0xFF), Corner(ThemeName.Light));
        Assert.Equal(new SKColor(0x14, 0x18, 0x1D), Corner(ThemeName.Dark));

        SKColor Corner(ThemeName theme)
        {
            using var bitmap = SKBitmap.Decode(_renderer.Render(Curves(), new(theme), []).Value);
            return bitmap.GetPixel(2, 2);
        }
    }

    [Fact]
    public void Render_Text_IsAntiAliasedInThreeWeights()
    {
        using var bitmap = SKBitmap.Decode(_renderer.Render(Curves(), FigureStyle.Default, []).Value);
        var greys = bitmap.Pixels.Take(bitmap.Width * 40).Select(pixel => pixel.Red).Distinct().Count();
        Assert.True(greys > 20, $"the title has {greys} shades");

        double[] widths = [.. Enum.GetValues<FontWeight>().Select(weight => _typefaces.Width("Validation loss", 100, weight))];
        Assert.True(widths[0] < widths[1] && widths[1] < widths[2], string.Join(", ", widths));
    }

    /// <summary>An independent measure: SkiaSharp's own, of the whole line at once.</summary>
    [Theory]
    [InlineData("Validation accuracy 0.961")]
    [InlineData("Größe, Łódź, Ελληνικά, Кошки, Việt")]
    public void Width_OfText_IsThatOfTheTypeface(string text)
    {
        var face = Assert.Single(_typefaces.Runs(text, FontWeight.Regular)).Face;
        using var font = new SKFont(face, 130) { LinearMetrics = true, Hinting = SKFontHinting.None };

        Assert.Equal("Inter", face.FamilyName);
        Assert.Equal(font.MeasureText(text), _typefaces.Width(text, 130, FontWeight.Regular), 0.5);
    }

    [Fact]
    public void Render_Png_TellsTitleDescriptionAndFigures()
    {
        var file = Encoding.Latin1.GetString(_renderer.Render(Curves(), FigureStyle.Default, [new("cnnservice:key", "value")]).Value);

        Assert.Contains("Title\0pets: validation accuracy", file, StringComparison.Ordinal);
        Assert.Contains("Description\0pets: validation accuracy", file, StringComparison.Ordinal);
        Assert.Contains("cnnservice:key\0value", file, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NameThatInterLacks_IsItsNumberAndToldBeside()
    {
        var figure = Words("猫 taken for dog", "dog", "猫");

        var png = Encoding.UTF8.GetString(_renderer.Render(figure, FigureStyle.Default, []).Value);
        var svg = Encoding.UTF8.GetString(_renderer.Render(figure, new(Form: FigureForm.Svg), []).Value);

        Assert.Contains("class 1 = 猫", png, StringComparison.Ordinal);
        Assert.Contains(">class 1 taken for dog</text>", svg, StringComparison.Ordinal);
        Assert.Contains("<title>猫 taken for dog</title>class 1", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void CanWrite_ConfiguredFont_AddsItsCharacters()
    {
        var path = Path.GetTempFileName();
        using (var file = File.Create(path))
        {
            typeof(Typefaces).Assembly.GetManifestResourceStream("Inter-Regular.ttf")!.CopyTo(file);
        }

        var options = new DrawingOptions { FallbackFonts = [path] };
        using var typefaces = new Typefaces(Options.Create(options));

        Assert.True(new DrawingOptionsValidator().Validate(null, options).Succeeded);
        Assert.True(typefaces.CanWrite("cat"));
        Assert.False(typefaces.CanWrite("猫"));
        File.Delete(path);
    }

    [Fact]
    public void Validate_FontThatIsNone_IsNamed()
    {
        var checkedOptions = new DrawingOptionsValidator().Validate(null, new() { FallbackFonts = ["/no/such/font.ttf"] });

        Assert.True(checkedOptions.Failed);
        Assert.Contains("/no/such/font.ttf", checkedOptions.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_BareImage_HasThePixelsItWasMadeOf()
    {
        var image = new PixelBuffer(3, 2, 1, [0, 50, 100, 150, 200, 250]);
        var figure = new Figure { Title = "t", Description = "d", IsBare = true, Content = new ImageBlock(image, 3, 2, IsSmooth: false) };

        Assert.Equal(image.Data, Decode(figure, new(Scale: 1), 3, 2));
        Assert.Equal(
            image.Data.Chunk(3)
                .SelectMany(row => Enumerable.Repeat(row.SelectMany(value => Enumerable.Repeat(value, 4)), 4)).SelectMany(row => row),
            Decode(figure, new(Scale: 4), 12, 8));
    }

    [Fact]
    public void Render_SmallBareImage_IsEnlargedByItself()
    {
        var block = new ImageBlock(new(64, 64, 3), 64, 64, IsSmooth: true);
        var figure = new Figure { Title = "t", Description = "d", IsBare = true, Content = block };

        using var bitmap = SKBitmap.Decode(_renderer.Render(figure, FigureStyle.Default, []).Value);

        Assert.Equal((256, 256), (bitmap.Width, bitmap.Height));
    }

    [Fact]
    public void Render_MoreThanTheMostPixels_IsRefusedBeforeItIsDrawn()
    {
        var figure = new Figure { Title = "t", Description = "d", Content = new ImageBlock(null, 2000, 2000, false) };

        Assert.Equal("figure.too-large", _renderer.Render(figure, new(Scale: 8), []).Problem?.Code);
        Assert.True(_renderer.Render(figure, new(Scale: 8, Form: FigureForm.Svg), []).Succeeded);
    }

    [Fact]
    public void Animate_FramesOfDifferentText_HaveOneSize()
    {
        var file = _renderer.Animate(
            [(Words("short"), TimeSpan.FromMilliseconds(20)), (Words(new string('x', 120)), TimeSpan.FromMilliseconds(20))],
            FigureStyle.Default, []).Value;

        Assert.Contains("acTL", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
    }

    private static Figure Words(string title, params string[] names) =>
        new() { Title = title, Description = "d", Names = names, Content = new ImageBlock(null, 40, 40, false) };

    private static Figure Curves() => CurvePlot.Create("pets", "Run 1.",
        [.. Enumerable.Range(1, 12).Select(epoch => new EpochMetrics(epoch, 1.0 / epoch, 0.5, 0.4 + (0.01 * epoch), 0.961, 1e-4, 2, 100))]);

    private static Figure Sweep() => SweepPlot.Create(
        "sweep", [new("batchSize", null)],
        [.. Enumerable.Range(1, 5).Select(i => new SweepPlotTrial(
            new Dictionary<string, JsonElement> { ["batchSize"] = JsonSerializer.SerializeToElement(8 * i) },
            0.5 + (0.05 * i), i == 2))],
        MonitoredMetric.ValidationAccuracy);

    private static string Hash(byte[] file) => Convert.ToHexString(SHA256.HashData(file));

    private byte[] Decode(Figure figure, FigureStyle style, int width, int height) =>
        new SkiaImageDecoder(Options.Create(new ImagingOptions())).Decode(
            _renderer.Render(figure, style, []).Value, new DecodeTarget(width, height, 1)).Value.Data;
}
