using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws the learning curves of a run: loss on the left, accuracy on the right, training against validation.</summary>
public static class CurvePlot
{
    public const int Width = 1200;
    public const int Height = 440;
    public const double DefaultSmoothing = 0.8;

    private const int TextScale = 2;

    private static readonly Color Training = Color.FromRgb(0x0C7CBA);
    private static readonly Color Validation = Color.FromRgb(0x0F9D58);

    /// <param name="epochs">In order; may be empty.</param>
    /// <param name="smoothing">0 (none) up to, not including, 1; the raw values stay visible as a faint line.</param>
    public static PixelBuffer Draw(IReadOnlyList<EpochMetrics> epochs, double smoothing = DefaultSmoothing)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(smoothing, 1);
        var canvas = new Canvas(Width, Height, CurvePanel.Paper);
        if (epochs.Count == 0)
        {
            const string nothing = "No epoch has ended yet";
            var left = (Width - (BitmapFont.Width(nothing) * TextScale)) / 2;
            canvas.DrawText(nothing, left, (Height - (BitmapFont.Height * TextScale)) / 2, CurvePanel.Ink, TextScale);
            return canvas.Image;
        }

        var mark = Mark(epochs);
        foreach (var panel in Panels(epochs))
        {
            panel.Draw(canvas, smoothing, mark);
        }

        return canvas.Image;
    }

    /// <summary>The loss and accuracy panels, side by side.</summary>
    internal static CurvePanel[] Panels(IReadOnlyList<EpochMetrics> epochs)
    {
        int[] numbers = [.. epochs.Select(epoch => epoch.Epoch)];
        CurvePanel Panel(string name, int left, Func<EpochMetrics, double> training, Func<EpochMetrics, double> validation) => new(
            $"Train {name}: {LatestText(epochs.Select(training))}, Val {name}: {LatestText(epochs.Select(validation))}",
            numbers,
            [
                new("training", Training, [.. epochs.Select(training)]),
                new("validation", Validation, [.. epochs.Select(validation)]),
            ],
            new(left, 0, Width / 2, Height));
        return
        [
            Panel("Loss", 0, epoch => epoch.Loss, epoch => epoch.ValidationLoss),
            Panel("Acc", Width / 2, epoch => epoch.Accuracy, epoch => epoch.ValidationAccuracy),
        ];
    }

    /// <summary>
    /// The epoch of the smallest validation loss (the first of equal ones) and whether the loss has risen since; null without validation.
    /// </summary>
    private static CurveMark? Mark(IReadOnlyList<EpochMetrics> epochs)
    {
        int[] validated = [.. Enumerable.Range(0, epochs.Count).Where(i => double.IsFinite(epochs[i].ValidationLoss))];
        if (validated.Length == 0)
        {
            return null;
        }

        var best = validated.MinBy(i => epochs[i].ValidationLoss);
        var what = epochs[validated[^1]].ValidationLoss > epochs[best].ValidationLoss ? "turned at epoch" : "best epoch";
        return new(best, $"{what} {ContentKey.Text(epochs[best].Epoch)}");
    }

    /// <summary>The last finite value, formatted.</summary>
    private static string LatestText(IEnumerable<double> values) =>
        values.Where(double.IsFinite).Select(value => value.ToString("F3", CultureInfo.InvariantCulture)).LastOrDefault("-");
}
