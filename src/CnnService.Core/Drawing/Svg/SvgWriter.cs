using System.Globalization;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Svg;

/// <summary>
/// Writes a scene as SVG 1.1 with real text, which can be searched, copied and set in another typeface. Images are embedded as PNG.
/// </summary>
/// <param name="png">Writes the images.</param>
public sealed class SvgWriter(IPngEncoder png)
{
    private const string Family = "Inter, system-ui, sans-serif";

    /// <param name="scene">What to draw.</param>
    /// <param name="theme">Its colours.</param>
    /// <param name="scale">Size in pixels of a unit where it is shown without a size of its own.</param>
    /// <param name="text">Written as metadata.</param>
    public byte[] Write(Scene scene, Theme theme, int scale, IReadOnlyList<KeyValuePair<string, string>> text)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(theme);
        ArgumentNullException.ThrowIfNull(text);
        var svg = new StringBuilder();
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\"")
            .Append(CultureInfo.InvariantCulture, $" width=\"{scene.Width * scale}\" height=\"{scene.Height * scale}\"")
            .Append(CultureInfo.InvariantCulture, $" viewBox=\"0 0 {scene.Width} {scene.Height}\"")
            .Append(CultureInfo.InvariantCulture, $" font-family=\"{Family}\" font-kerning=\"none\">");
        svg.Append(CultureInfo.InvariantCulture, $"\n<title>{Escape(scene.Title)}</title>\n<desc>{Escape(scene.Description)}</desc>\n");
        if (text.Count > 0)
        {
            svg.Append("<metadata>\n");
            foreach (var (keyword, value) in text)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text keyword=\"{Escape(keyword)}\">{Escape(value)}</text>\n");
            }

            svg.Append("</metadata>\n");
        }

        svg.Append(CultureInfo.InvariantCulture,
            $"<rect width=\"{scene.Width}\" height=\"{scene.Height}\" fill=\"{Hex(theme[Ink.Paper])}\"/>\n");
        foreach (var shape in scene.Shapes)
        {
            Write(svg, shape, theme);
            svg.Append('\n');
        }

        return Encoding.UTF8.GetBytes(svg.Append("</svg>\n").ToString());
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                '\n' or '\t' => escaped.Append(letter),
                < ' ' or '\uFFFE' or '\uFFFF' => escaped.Append('\uFFFD'), // XML cannot hold them.
                _ => escaped.Append(letter),
            };
        }

        return escaped.ToString();
    }

    private static string Hex(Color color) => $"#{color.Red:X2}{color.Green:X2}{color.Blue:X2}";

    /// <summary>Two decimals: finer than any screen, the same on every machine.</summary>
    private static string N(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture) is var text && text != "-0"
        ? text
        : "0";

    private static string Fill(Paint? paint, Theme theme) => paint is { } fill
        ? $" fill=\"{Hex(fill.In(theme))}\"{(fill.Opacity < 1 ? $" fill-opacity=\"{N(fill.Opacity)}\"" : "")}"
        : " fill=\"none\"";

    private static string Stroke(Paint? paint, double width, Theme theme, double dash = 0) => paint is { } line
        ? $" stroke=\"{Hex(line.In(theme))}\" stroke-width=\"{N(width)}\""
            + $"{(line.Opacity < 1 ? $" stroke-opacity=\"{N(line.Opacity)}\"" : "")}"
            + $"{(dash > 0 ? $" stroke-dasharray=\"{N(dash)} {N(dash)}\"" : "")}"
        : "";

    private static void WriteText(StringBuilder svg, TextShape text, Theme theme)
    {
        var anchor = text.Anchor switch
        {
            TextAnchor.Middle => " text-anchor=\"middle\"",
            TextAnchor.End => " text-anchor=\"end\"",
            _ => "",
        };
        var weight = text.Style.Weight switch
        {
            FontWeight.Medium => " font-weight=\"500\"",
            FontWeight.Semibold => " font-weight=\"600\"",
            _ => "",
        };
        var turned = text.IsUpwards ? $" transform=\"rotate(-90 {N(text.X)} {N(text.Y)})\"" : "";
        svg.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{N(text.X)}\" y=\"{N(text.Y)}\" font-size=\"{N(text.Style.Size)}\"{weight}{anchor}{turned}")
            .Append(CultureInfo.InvariantCulture, $"{Fill(text.Style.Paint, theme)}>")
            .Append(text.Original is { } original ? $"<title>{Escape(original)}</title>" : "")
            .Append(CultureInfo.InvariantCulture, $"{Escape(text.Text)}</text>");
    }

    private static string Points(IReadOnlyList<Point> points) => string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));

    private void Write(StringBuilder svg, Shape shape, Theme theme)
    {
        switch (shape)
        {
            case TextShape text:
                WriteText(svg, text, theme);
                break;
            case RectangleShape box:
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{N(box.X)}\" y=\"{N(box.Y)}\" width=\"{N(box.Width)}\" ")
                    .Append(CultureInfo.InvariantCulture, $"height=\"{N(box.Height)}\"{Fill(box.Fill, theme)}")
                    .Append(CultureInfo.InvariantCulture, $"{Stroke(box.Line, box.LineWidth, theme)}/>");
                break;
            case CircleShape circle:
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{N(circle.X)}\" cy=\"{N(circle.Y)}\" r=\"{N(circle.Radius)}\"")
                    .Append(CultureInfo.InvariantCulture, $"{Fill(circle.Fill, theme)}{Stroke(circle.Line, circle.LineWidth, theme)}/>");
                break;
            case PathShape path:
                svg.Append(CultureInfo.InvariantCulture, $"<poly{(path.Fill is null ? "line" : "gon")} points=\"{Points(path.Points)}\"")
                    .Append(CultureInfo.InvariantCulture, $"{Fill(path.Fill, theme)}{Stroke(path.Line, path.LineWidth, theme, path.Dash)}")
                    .Append(path.Dash > 0 ? "/>" : " stroke-linejoin=\"round\" stroke-linecap=\"round\"/>");
                break;
            case ImageShape image:
                svg.Append(CultureInfo.InvariantCulture, $"<image x=\"{N(image.X)}\" y=\"{N(image.Y)}\" width=\"{N(image.Width)}\" ")
                    .Append(CultureInfo.InvariantCulture, $"height=\"{N(image.Height)}\" preserveAspectRatio=\"none\"")
                    .Append(image.IsSmooth ? "" : " style=\"image-rendering:pixelated\"")
                    .Append(CultureInfo.InvariantCulture, $" xlink:href=\"data:image/png;base64,{Embed(image.Image)}\"/>");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(shape), shape, "is no shape that SVG is written for");
        }
    }

    private string Embed(PixelBuffer image) => Convert.ToBase64String(png.Encode(image, []));
}
