using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Drawing.Svg;

namespace CnnService.Imaging.Drawing;

/// <summary>Lays figures out in Inter, paints them with SkiaSharp, and writes them by the own PNG and SVG writers.</summary>
internal sealed class FigureRenderer(Typefaces typefaces, IPngEncoder png) : IFigureRenderer
{
    /// <summary>Most pixels of a file; 10,000 x 6,000.</summary>
    private const long MaxPixels = 60_000_000;

    /// <summary>Longer side from which on an image alone is not enlarged unless a scale is given.</summary>
    private const int SmallSide = 256;

    private readonly SvgWriter _svg = new(png);

    public Outcome<byte[]> Render(Figure figure, FigureStyle style, IReadOnlyList<KeyValuePair<string, string>> text)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentNullException.ThrowIfNull(style);
        var scene = FigureLayout.Arrange(figure, typefaces);
        var scale = style.Scale ?? (figure.IsBare ? Math.Max(1, SmallSide / Math.Max(scene.Width, scene.Height)) : 1);
        if (style.Form == FigureForm.Svg)
        {
            return _svg.Write(scene, Theme.Get(style.Theme), scale, Text(scene, text, isSvg: true));
        }

        return Check(scene, scale, 1) is { } tooLarge ? tooLarge : png.Encode(Paint(scene, style, scale), Text(scene, text, isSvg: false));
    }

    public Outcome<byte[]> Animate(
        IReadOnlyList<(Figure Figure, TimeSpan Delay)> frames, FigureStyle style, IReadOnlyList<KeyValuePair<string, string>> text)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(style);
        (Scene Scene, TimeSpan Delay)[] scenes = [.. frames.Select(frame => (FigureLayout.Arrange(frame.Figure, typefaces), frame.Delay))];

        // Text may make one frame larger than another: all take the room of the largest.
        var (width, height) = (scenes.Max(frame => frame.Scene.Width), scenes.Max(frame => frame.Scene.Height));
        scenes = [.. scenes.Select(frame => (frame.Scene with { Width = width, Height = height }, frame.Delay))];
        var scale = style.Scale ?? 1;
        return Check(scenes[0].Scene, scale, scenes.Length) is { } tooLarge
            ? tooLarge
            : png.EncodeAnimation(
                [.. scenes.Select(frame => new AnimationFrame(Paint(frame.Scene, style, scale), frame.Delay))],
                Text(scenes[0].Scene, text, isSvg: false));
    }

    private static Problem? Check(Scene scene, int scale, int frames)
    {
        var pixels = (long)scene.Width * scene.Height * scale * scale * frames;
        return pixels <= MaxPixels ? null : Problem.Unprocessable("figure.too-large",
            $"A figure has at most {MaxPixels / 1_000_000} million pixels, and at scale {scale} this one has "
            + $"{pixels / 1_000_000} million: ask for a smaller scale, for less of it, or for svg.");
    }

    /// <summary>An image alone at its own size is not painted: its pixels are the file's.</summary>
    private PixelBuffer Paint(Scene scene, FigureStyle style, int scale) =>
        scene.Shapes is [ImageShape { X: 0, Y: 0 } only]
            && (only.Image.Width, only.Image.Height) == (scene.Width, scene.Height)
            && (only.Width, only.Height) == (scene.Width, scene.Height)
            && (scale == 1 || !only.IsSmooth)
        ? ImageScaling.Enlarge(only.Image, scale)
        : ScenePainter.Paint(typefaces, scene, Theme.Get(style.Theme), scale);

    private static KeyValuePair<string, string>[] Text(
        Scene scene, IReadOnlyList<KeyValuePair<string, string>> text, bool isSvg) =>
    [
        .. isSvg ? [] : (KeyValuePair<string, string>[])[new("Title", scene.Title), new("Description", scene.Description)],
        .. text,
        .. scene.Replaced.Count == 0 ? [] : (KeyValuePair<string, string>[])
            [new("cnnservice:names", string.Join("; ", scene.Replaced.Select(name => $"{name.Key} = {name.Value}")))],
    ];
}
