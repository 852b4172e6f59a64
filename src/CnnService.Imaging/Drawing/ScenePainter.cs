using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
using SkiaSharp;

namespace CnnService.Imaging.Drawing;

/// <summary>Paints one scene onto a bitmap, anti-aliased. Not thread safe.</summary>
internal sealed class ScenePainter : IDisposable
{
    private const int BytesPerPixel = 4;

    private readonly Typefaces _typefaces;
    private readonly Theme _theme;
    private readonly SKBitmap _bitmap;
    private readonly SKCanvas _canvas;
    private readonly SKPaint _paint = new() { IsAntialias = true, StrokeJoin = SKStrokeJoin.Round };

    private ScenePainter(Typefaces typefaces, Theme theme, int width, int height)
    {
        (_typefaces, _theme) = (typefaces, theme);
        _bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        _canvas = new(_bitmap);
    }

    /// <summary>The scene in RGB.</summary>
    /// <param name="typefaces">The faces of its text.</param>
    /// <param name="scene">What to paint.</param>
    /// <param name="theme">Its colours.</param>
    /// <param name="scale">Pixels per unit.</param>
    public static PixelBuffer Paint(Typefaces typefaces, Scene scene, Theme theme, int scale)
    {
        using var painter = new ScenePainter(typefaces, theme, scene.Width * scale, scene.Height * scale);
        var paper = theme[Ink.Paper];
        painter._canvas.Clear(new SKColor(paper.Red, paper.Green, paper.Blue));
        painter._canvas.Scale(scale);
        foreach (var shape in scene.Shapes)
        {
            painter.Draw(shape);
        }

        return painter.Pixels();
    }

    public void Dispose()
    {
        _paint.Dispose();
        _canvas.Dispose();
        _bitmap.Dispose();
    }

    private PixelBuffer Pixels()
    {
        _canvas.Flush();
        var image = new PixelBuffer(_bitmap.Width, _bitmap.Height, 3);
        var from = _bitmap.GetPixelSpan();
        var to = image.Data;
        for (int read = 0, write = 0; write < to.Length; read += BytesPerPixel, write += 3)
        {
            (to[write], to[write + 1], to[write + 2]) = (from[read], from[read + 1], from[read + 2]);
        }

        return image;
    }

    private void Draw(Shape shape)
    {
        switch (shape)
        {
            case TextShape text:
                Draw(text);
                break;
            case ImageShape image:
                Draw(image);
                break;
            case RectangleShape box:
                Draw(box.Fill, box.Line, box.LineWidth, box, static (canvas, shape, paint) => canvas.DrawRect(
                    (float)shape.X, (float)shape.Y, (float)shape.Width, (float)shape.Height, paint));
                break;
            case CircleShape circle:
                Draw(circle.Fill, circle.Line, circle.LineWidth, circle, static (canvas, shape, paint) => canvas.DrawCircle(
                    (float)shape.X, (float)shape.Y, (float)shape.Radius, paint));
                break;
            case PathShape path:
                Draw(path);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(shape), shape, "is no shape that can be painted");
        }
    }

    private void Draw<T>(Paint? fill, Paint? line, double lineWidth, T shape, Action<SKCanvas, T, SKPaint> draw)
    {
        if (fill is { } inside)
        {
            (_paint.Style, _paint.Color) = (SKPaintStyle.Fill, ColorOf(inside));
            draw(_canvas, shape, _paint);
        }

        if (line is { } outline)
        {
            (_paint.Style, _paint.Color, _paint.StrokeWidth) = (SKPaintStyle.Stroke, ColorOf(outline), (float)lineWidth);
            draw(_canvas, shape, _paint);
        }
    }

    private void Draw(PathShape shape)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo((float)shape.Points[0].X, (float)shape.Points[0].Y);
        foreach (var point in shape.Points.Skip(1))
        {
            builder.LineTo((float)point.X, (float)point.Y);
        }

        if (shape.Fill is not null)
        {
            builder.Close();
        }

        using var path = builder.Detach();
        using var dash = shape.Dash > 0 ? SKPathEffect.CreateDash([(float)shape.Dash, (float)shape.Dash], 0) : null;
        (_paint.PathEffect, _paint.StrokeCap) = (dash, dash is null ? SKStrokeCap.Round : SKStrokeCap.Butt);
        Draw(shape.Fill, shape.Line, shape.LineWidth, path, static (canvas, drawn, paint) => canvas.DrawPath(drawn, paint));
        (_paint.PathEffect, _paint.StrokeCap) = (null, SKStrokeCap.Butt);
    }

    private void Draw(TextShape text)
    {
        var width = text.Anchor == TextAnchor.Start ? 0 : _typefaces.Width(text.Text, text.Style.Size, text.Style.Weight);
        var x = text.Anchor switch { TextAnchor.Middle => -width / 2, TextAnchor.End => -width, _ => 0 };
        (_paint.Style, _paint.Color) = (SKPaintStyle.Fill, ColorOf(text.Style.Paint));
        _canvas.Save();
        _canvas.Translate((float)text.X, (float)text.Y);
        if (text.IsUpwards)
        {
            _canvas.RotateDegrees(-90);
        }

        foreach (var (face, run) in _typefaces.Runs(text.Text, text.Style.Weight))
        {
            using var font = new SKFont(face, (float)text.Style.Size)
            {
                Edging = SKFontEdging.Antialias,
                Hinting = SKFontHinting.None,
                LinearMetrics = true,
                Subpixel = true,
            };
            _canvas.DrawText(run, (float)x, 0, SKTextAlign.Left, font, _paint);
            x += _typefaces.Width(run, text.Style.Size, text.Style.Weight);
        }

        _canvas.Restore();
    }

    private void Draw(ImageShape shape)
    {
        var (image, info) = (shape.Image, new SKImageInfo(shape.Image.Width, shape.Image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = new byte[image.Width * image.Height * BytesPerPixel];
        for (int read = 0, write = 0; write < pixels.Length; read += image.Channels, write += BytesPerPixel)
        {
            (pixels[write], pixels[write + 1], pixels[write + 2], pixels[write + 3]) = image.Channels == 1
                ? (image.Data[read], image.Data[read], image.Data[read], byte.MaxValue)
                : (image.Data[read], image.Data[read + 1], image.Data[read + 2], byte.MaxValue);
        }

        using var drawn = SKImage.FromPixelCopy(info, pixels);
        var area = SKRect.Create((float)shape.X, (float)shape.Y, (float)shape.Width, (float)shape.Height);
        _canvas.DrawImage(drawn, area, !shape.IsSmooth ? SKSamplingOptions.Default
            : shape.Width < image.Width ? new(SKFilterMode.Linear, SKMipmapMode.Linear)
            : new(SKCubicResampler.Mitchell));
    }

    private SKColor ColorOf(Paint paint)
    {
        var color = paint.In(_theme);
        return new(color.Red, color.Green, color.Blue, (byte)Math.Round(byte.MaxValue * Math.Clamp(paint.Opacity, 0, 1)));
    }
}
