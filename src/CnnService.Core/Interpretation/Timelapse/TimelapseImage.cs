using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>Draws a timelapse as a strip, or as an animated image.</summary>
public static class TimelapseImage
{
    /// <summary>The last frame is shown this many times as long as the others.</summary>
    private const int LastFrameRepeats = 3;

    private static readonly Color EpochColor = Color.FromRgb(0xF2F5F7);
    private static readonly Color FigureColor = Color.FromRgb(0xAEBAC4);

    /// <summary>The timelapse as a labelled grid, one tile an epoch, in rows of nearly equal length.</summary>
    public static byte[] Strip(RenderedTimelapse timelapse, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(timelapse);
        ArgumentNullException.ThrowIfNull(encoder);
        var rows = (timelapse.Frames.Count + TileGrid.DefaultColumns - 1) / TileGrid.DefaultColumns;
        var columns = (timelapse.Frames.Count + rows - 1) / rows;
        var title = $"{timelapse.Source.Dataset}: {timelapse.Subject}, as it learns";
        GridTile[] tiles = [
            .. timelapse.Frames.Select(
                frame => new GridTile(frame.Image, $"{Epoch(frame.Figures)}  {Learned(frame.Figures)}", Epoch(frame.Figures)))];
        return encoder.Encode(TileGrid.Compose(title, tiles, columns), Text(timelapse));
    }

    /// <summary>The timelapse as an animated PNG that repeats, one frame an epoch.</summary>
    /// <param name="timelapse">The timelapse to draw.</param>
    /// <param name="delay">Duration of a frame, at most 20 s.</param>
    /// <param name="encoder">Writes the PNG file.</param>
    public static byte[] Animation(RenderedTimelapse timelapse, TimeSpan delay, IPngEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(timelapse);
        ArgumentNullException.ThrowIfNull(encoder);
        return encoder.EncodeAnimation(
            [.. timelapse.Frames.Select((frame, i) =>
                new AnimationFrame(Frame(frame), i == timelapse.Frames.Count - 1 ? LastFrameRepeats * delay : delay))],
            Text(timelapse));
    }

    private static PixelBuffer Frame(TimelapseFrame frame)
    {
        var side = Math.Max(frame.Image.Width, frame.Image.Height);
        return ImageTile.Draw(side, frame.Image, (Epoch(frame.Figures), EpochColor), (Learned(frame.Figures), FigureColor));
    }

    private static string Epoch(TimelapseFigures figures)
    {
        var state = figures.Status == PatternStatus.Dead ? " dead" : figures.Silent == true ? " silent" : string.Empty;
        return $"epoch {ContentKey.Text(figures.Epoch)}{state}";
    }

    private static string Learned(TimelapseFigures figures) => figures.Epoch == 0 ? "untrained"
        : figures.ValidationAccuracy is { } accuracy ? $"acc {accuracy:F2}"
        : figures.Loss is { } loss ? $"loss {loss:F2}"
        : string.Empty;

    private static KeyValuePair<string, string>[] Text(RenderedTimelapse timelapse) =>
    [
        PngText.Create("run", timelapse.Source.Run),
        PngText.Create("subject", timelapse.Subject),
        PngText.Create("epochs", string.Join(',', timelapse.Frames.Select(frame => ContentKey.Text(frame.Figures.Epoch)))),
        PngText.Create("figures", JsonSerializer.Serialize(timelapse.Frames.Select(frame => frame.Figures), CoreJson.Options)),
    ];
}
