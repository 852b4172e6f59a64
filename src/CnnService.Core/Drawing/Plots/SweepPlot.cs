using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws the results of a sweep: the trials' metric against each swept field, one panel per field.</summary>
public static class SweepPlot
{
    public const int PanelWidth = 600;
    public const int PanelHeight = 440;

    /// <summary>Maximum number of panels; further fields are not drawn.</summary>
    public const int MaxPanels = 12;

    private const int TextScale = 2;

    /// <param name="fields">In the sweep's order; at least one.</param>
    /// <param name="trials">In any order; those without a score are not drawn.</param>
    /// <param name="metric">The metric that the scores are values of.</param>
    public static PixelBuffer Draw(IReadOnlyList<SweepPlotField> fields, IReadOnlyList<SweepPlotTrial> trials, MonitoredMetric metric)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(trials);
        var panels = Panels(fields, trials, metric);
        var canvas = new Canvas(panels.Max(panel => panel.Box.Right), panels.Max(panel => panel.Box.Bottom), CurvePanel.Paper);
        if (panels[0].Points.Count == 0)
        {
            const string nothing = "No trial has a figure yet";
            var left = (canvas.Image.Width - (BitmapFont.Width(nothing) * TextScale)) / 2;
            canvas.DrawText(nothing, left, (canvas.Image.Height - (BitmapFont.Height * TextScale)) / 2, CurvePanel.Ink, TextScale);
            return canvas.Image;
        }

        foreach (var panel in panels)
        {
            panel.Draw(canvas);
        }

        return canvas.Image;
    }

    /// <summary>The panels, two per row.</summary>
    internal static IReadOnlyList<ScatterPanel> Panels(
        IReadOnlyList<SweepPlotField> fields, IReadOnlyList<SweepPlotTrial> trials, MonitoredMetric metric)
    {
        SweepPlotTrial[] shown = [.. trials.Where(trial => double.IsFinite(trial.Score))];
        var best = shown.OrderBy(trial => trial.Score, metric.BestFirst()).FirstOrDefault();
        var name = metric.ToWireName();
        return
        [
            .. fields.Take(MaxPanels).Select((field, i) => new ScatterPanel(
                $"{name} by {field.Path}",
                ScatterAxis.Create([.. shown.Select(trial => trial.Values[field.Path])], field.IsLog),
                [.. shown.Select(
                    trial => new ScatterPoint(trial.Values[field.Path], trial.Score,
                        trial == best ? PointKind.Best : trial.IsStopped ? PointKind.Stopped : PointKind.Regular))],
                new(i % 2 * PanelWidth, i / 2 * PanelHeight, PanelWidth, PanelHeight))),
        ];
    }
}

/// <param name="Path">JSON path of the swept field.</param>
/// <param name="IsLog">Whether its axis is logarithmic; null: decided by its values.</param>
public sealed record SweepPlotField(string Path, bool? IsLog);

/// <param name="Values">Of every swept field, by path.</param>
/// <param name="Score">NaN where there is none yet.</param>
/// <param name="IsStopped">Stopped early.</param>
public sealed record SweepPlotTrial(IReadOnlyDictionary<string, JsonElement> Values, double Score, bool IsStopped);
