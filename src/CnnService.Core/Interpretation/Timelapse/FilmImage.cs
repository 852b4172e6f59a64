using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>Finishes a film: as a strip to hang up, or as an image that moves.</summary>
public static class FilmImage
{
    /// <summary>The last frame is seen this many times as long.</summary>
    private const int Hold = 3;

    private static readonly Color EpochColor = Color.FromRgb(0xF2F5F7);
    private static readonly Color FigureColor = Color.FromRgb(0xAEBAC4);

    /// <summary>A tile an epoch, in rows of about the same length.</summary>
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

    /// <summary>A frame an epoch, over and over.</summary>
    /// <param name="film">The film.</param>
    /// <param name="delay">From one frame to the next, at most 20 s.</param>
    /// <param name="encoder">Writes the file.</param>
    public static byte[] Animation(Film film, TimeSpan delay, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(film);
        ArgumentNullException.ThrowIfNull(encoder);
        return encoder.EncodeAnimation(
            [.. film.Frames.Select((frame, i) => new AnimationFrame(Frame(frame), i == film.Frames.Count - 1 ? Hold * delay : delay))],
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
