using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>Draws a film as a strip, or as an animated image.</summary>
public static class FilmImage
{
    /// <summary>The last frame is shown this many times as long as the others.</summary>
    private const int LastFrameRepeats = 3;

    private static readonly Color EpochColor = Color.FromRgb(0xF2F5F7);
    private static readonly Color FigureColor = Color.FromRgb(0xAEBAC4);

    /// <summary>The film as a labelled grid, one tile an epoch, in rows of nearly equal length.</summary>
    public static byte[] Strip(Film film, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(film);
        ArgumentNullException.ThrowIfNull(encoder);
        var rows = (film.Frames.Count + TileGrid.DefaultColumns - 1) / TileGrid.DefaultColumns;
        var columns = (film.Frames.Count + rows - 1) / rows;
        var title = $"{film.Source.Dataset}: {film.Subject}, as it learns";
        GridTile[] tiles = [
            .. film.Frames.Select(
                frame => new GridTile(frame.Image, $"{Epoch(frame.Figures)}  {Learned(frame.Figures)}", Epoch(frame.Figures)))];
        return encoder.Encode(TileGrid.Compose(title, tiles, columns), Text(film));
    }

    /// <summary>The film as an animated PNG that repeats, one frame an epoch.</summary>
    /// <param name="film">The film to draw.</param>
    /// <param name="delay">Duration of a frame, at most 20 s.</param>
    /// <param name="encoder">Writes the PNG file.</param>
    public static byte[] Animation(Film film, TimeSpan delay, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(film);
        ArgumentNullException.ThrowIfNull(encoder);
        return encoder.EncodeAnimation(
            [.. film.Frames.Select((frame, i) =>
                new AnimationFrame(Frame(frame), i == film.Frames.Count - 1 ? LastFrameRepeats * delay : delay))],
            Text(film));
    }

    private static PixelBuffer Frame(FilmFrame frame)
    {
        var side = Math.Max(frame.Image.Width, frame.Image.Height);
        return ImageTile.Draw(side, frame.Image, (Epoch(frame.Figures), EpochColor), (Learned(frame.Figures), FigureColor));
    }

    private static string Epoch(FilmFigures figures)
    {
        var state = figures.Status == PatternStatus.Dead ? " dead" : figures.Silent == true ? " silent" : string.Empty;
        return $"epoch {ContentKey.Text(figures.Epoch)}{state}";
    }

    private static string Learned(FilmFigures figures) => figures.Epoch == 0 ? "untrained"
        : figures.ValidationAccuracy is { } accuracy ? $"acc {accuracy:F2}"
        : figures.Loss is { } loss ? $"loss {loss:F2}"
        : string.Empty;

    private static KeyValuePair<string, string>[] Text(Film film) =>
    [
        PngText.Create("run", film.Source.Run),
        PngText.Create("subject", film.Subject),
        PngText.Create("epochs", string.Join(',', film.Frames.Select(frame => ContentKey.Text(frame.Figures.Epoch)))),
        PngText.Create("figures", JsonSerializer.Serialize(film.Frames.Select(frame => frame.Figures), CoreJson.Options)),
    ];
}
