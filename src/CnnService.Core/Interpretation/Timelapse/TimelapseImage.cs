using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>Draws a timelapse as a strip, or as an animated image.</summary>
public static class TimelapseImage
{
    private const int StripSide = 144;
    private const int FrameSide = 256;
    private const int MaxColumns = 8;

    /// <summary>The last frame is shown this many times as long as the others.</summary>
    private const int LastFrameRepeats = 3;

    /// <summary>The timelapse as a labelled grid, one tile an epoch, in rows of nearly equal length.</summary>
    /// <param name="timelapse">The timelapse to draw.</param>
    /// <param name="tag">Tag of what is drawn, hex.</param>
    public static DrawnFigure Strip(RenderedTimelapse timelapse, string tag)
    {
        ArgumentNullException.ThrowIfNull(timelapse);
        var rows = (timelapse.Frames.Count + MaxColumns - 1) / MaxColumns;
        var columns = (timelapse.Frames.Count + rows - 1) / rows;
        return new(
            Figure(timelapse, new Tiles([.. timelapse.Frames.Select(frame => Draw(frame, Math.Max(StripSide, timelapse.Side)))], columns)),
            Text(timelapse), tag);
    }

    /// <summary>The frames of an animated image, one an epoch, and their text.</summary>
    /// <param name="timelapse">The timelapse to draw.</param>
    /// <param name="delay">Duration of a frame, at most 20 s.</param>
    public static IReadOnlyList<(Figure Figure, TimeSpan Delay)> Frames(RenderedTimelapse timelapse, TimeSpan delay)
    {
        ArgumentNullException.ThrowIfNull(timelapse);
        return [.. timelapse.Frames.Select((frame, i) => (
            Figure(timelapse, Draw(frame, Math.Max(FrameSide, timelapse.Side))),
            i == timelapse.Frames.Count - 1 ? LastFrameRepeats * delay : delay))];
    }

    /// <summary>What the files tell beside the image.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Text(RenderedTimelapse timelapse)
    {
        ArgumentNullException.ThrowIfNull(timelapse);
        return
        [
            PngText.Create("run", timelapse.Source.Run),
            PngText.Create("subject", timelapse.Subject),
            PngText.Create("epochs", string.Join(',', timelapse.Frames.Select(frame => ContentKey.Text(frame.Figures.Epoch)))),
            PngText.Create("figures", JsonSerializer.Serialize(timelapse.Frames.Select(frame => frame.Figures), CoreJson.Options)),
        ];
    }

    private static Figure Figure(RenderedTimelapse timelapse, Block content) => new()
    {
        Title = $"{timelapse.Subject}, as it learns",
        Subtitle = $"Run {timelapse.Source.Run} on {timelapse.Source.Dataset}.",
        Description = $"{timelapse.Subject} at {ContentKey.Text(timelapse.Frames.Count)} epochs, from epoch "
            + $"{ContentKey.Text(timelapse.Frames[0].Figures.Epoch)} to {ContentKey.Text(timelapse.Frames[^1].Figures.Epoch)}.",
        Names = timelapse.Source.First.Manifest.Classes,
        Content = content,
    };

    private static Block Draw(TimelapseFrame frame, int side)
    {
        var isMap = frame.Figures.Silent is not null;
        var block = ImageBlock.AtLeast(frame.Image, side, isSmooth: !isMap);
        if (frame.Figures.Status == PatternStatus.Dead)
        {
            block = block with { Image = null, Says = "dead: no image excites it" };
        }

        return Tile.Create(block, block.Width, ($"epoch {ContentKey.Text(frame.Figures.Epoch)}", Typography.Caption),
            (Learned(frame.Figures), Typography.Small));
    }

    private static string Learned(TimelapseFigures figures) => (figures.Epoch == 0 ? "before the first step"
        : figures.ValidationAccuracy is { } accuracy ? $"accuracy {accuracy.ToString("F2", CultureInfo.InvariantCulture)}"
        : figures.Loss is { } loss ? $"loss {loss.ToString("F2", CultureInfo.InvariantCulture)}"
        : string.Empty) + (figures.Silent == true ? ", silent" : string.Empty);
}
