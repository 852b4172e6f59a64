using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Tests.Drawing.Figures;

/// <summary>Figures laid out, for tests to look at their shapes.</summary>
internal static class Laid
{
    /// <summary>The scene of a figure; its text lies within it.</summary>
    public static Scene Out(Figure figure)
    {
        var scene = FigureLayout.Arrange(figure, new MonospacedText());
        Assert.All(scene.Shapes.OfType<TextShape>(), text =>
        {
            var (left, top, right, bottom) = Bounds(text);
            Assert.True(left >= -0.5 && top >= -0.5 && right <= scene.Width + 0.5 && bottom <= scene.Height + 0.5,
                $"'{text.Text}' lies at {left:F0},{top:F0} to {right:F0},{bottom:F0} of {scene.Width}x{scene.Height}.");
        });
        return scene;
    }

    /// <summary>The images of a figure, in their order, as they are before they are enlarged.</summary>
    public static IReadOnlyList<PixelBuffer> Images(this DrawnFigure drawn) =>
        [.. Out(drawn.Figure).All<ImageShape>().Select(shape => shape.Image)];

    /// <summary>What the figure's file tells, by keyword without its prefix.</summary>
    public static IReadOnlyDictionary<string, string> Told(this DrawnFigure drawn) =>
        drawn.Text.ToDictionary(pair => pair.Key["cnnservice:".Length..], pair => pair.Value);

    public static IReadOnlyList<T> All<T>(this Scene scene)
        where T : Shape => [.. scene.Shapes.OfType<T>()];

    public static IReadOnlyList<string> Texts(this Scene scene) => [.. scene.All<TextShape>().Select(text => text.Text)];

    public static TextShape Text(this Scene scene, string text) => Assert.Single(scene.All<TextShape>(), shape => shape.Text == text);

    public static bool IsOf(this Paint? paint, Ink ink) => paint is { Fixed: null } known && known.Ink == ink;

    /// <summary>Left, top, right and bottom edge of a line of text.</summary>
    public static (double Left, double Top, double Right, double Bottom) Bounds(TextShape text)
    {
        var width = MonospacedText.Advance * text.Style.Size * text.Text.EnumerateRunes().Count();
        var start = text.Anchor switch { TextAnchor.Middle => -width / 2, TextAnchor.End => -width, _ => 0 };
        return text.IsUpwards
            ? (text.X - text.Style.CapitalHeight, text.Y - start - width, text.X, text.Y - start)
            : (text.X + start, text.Y - text.Style.CapitalHeight, text.X + start + width, text.Y);
    }
}
