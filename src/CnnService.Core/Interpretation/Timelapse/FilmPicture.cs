using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>Finishes a film: as a strip to hang up, or as a picture that moves.</summary>
public static class FilmPicture
{
    /// <summary>The last frame is seen this many times as long.</summary>
    private const int Hold = 3;

    private static readonly Color EpochColor = Color.Of(0xF2F5F7);
    private static readonly Color FigureColor = Color.Of(0xAEBAC4);

    /// <summary>A tile an epoch, in rows of about the same length.</summary>
    public static byte[] Strip(Film film, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(film);
        ArgumentNullException.ThrowIfNull(encoder);
        var rows = (film.Frames.Count + TileGrid.UsualColumns - 1) / TileGrid.UsualColumns;
        var columns = (film.Frames.Count + rows - 1) / rows;
        var title = $"{film.Source.Dataset}: {film.Subject}, as it learns";
        GridTile[] tiles = [.. film.Frames.Select(frame => new GridTile(frame.Picture, $"{Epoch(frame.Figures)}  {Learned(frame.Figures)}", Epoch(frame.Figures)))];
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
        return encoder.Animate(
            [.. film.Frames.Select((frame, i) => new AnimationFrame(Frame(frame), i == film.Frames.Count - 1 ? Hold * delay : delay))], Text(film));
    }

    private static PixelBuffer Frame(FilmFrame frame)
    {
        var side = Math.Max(frame.Picture.Width, frame.Picture.Height);
        return PictureTile.Draw(side, frame.Picture, (Epoch(frame.Figures), EpochColor), (Learned(frame.Figures), FigureColor));
    }

    private static string Epoch(FilmFigures figures)
    {
        var state = figures.Status == PatternStatus.Dead ? " dead" : figures.Silent == true ? " silent" : string.Empty;
        return $"epoch {PictureKey.Text(figures.Epoch)}{state}";
    }

    private static string Learned(FilmFigures figures) => figures.Epoch == 0 ? "untrained"
        : figures.ValidationAccuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $"acc {accuracy:F2}")
        : figures.Loss is { } loss ? string.Create(CultureInfo.InvariantCulture, $"loss {loss:F2}")
        : string.Empty;

    private static KeyValuePair<string, string>[] Text(Film film) =>
    [
        PictureText.Of("run", film.Source.Run),
        PictureText.Of("subject", film.Subject),
        PictureText.Of("epochs", string.Join(',', film.Frames.Select(frame => PictureKey.Text(frame.Figures.Epoch)))),
        PictureText.Of("figures", JsonSerializer.Serialize(film.Frames.Select(frame => frame.Figures), CoreJson.Options)),
    ];
}
