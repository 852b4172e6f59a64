using System.Text.Json;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws the results of a sweep: the trials' metric against each swept field, one panel per field.</summary>
public static class SweepPlot
{
    /// <summary>Maximum number of panels; further fields are not drawn.</summary>
    public const int MaxPanels = 12;

    private const double Width = 470;
    private const double Height = 270;
    private const double DotRadius = 5.5;
    private const double BestRadius = 8;

    /// <param name="name">The sweep.</param>
    /// <param name="fields">In the sweep's order; at least one.</param>
    /// <param name="trials">In any order; those without a score are not drawn.</param>
    /// <param name="metric">The metric that the scores are values of.</param>
    public static Figure Create(
        string name, IReadOnlyList<SweepPlotField> fields, IReadOnlyList<SweepPlotTrial> trials, MonitoredMetric metric)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(trials);
        SweepPlotTrial[] shown = [.. trials.Where(trial => double.IsFinite(trial.Score))];
        var what = metric == MonitoredMetric.ValidationLoss ? "validation loss" : "validation accuracy";
        if (shown.OrderBy(trial => trial.Score, metric.BestFirst()).FirstOrDefault() is not { } best)
        {
            return new()
            {
                Title = $"{name}: no trial has a figure yet",
                Description = $"None of {trials.Count} trials has a {what} yet.",
                Content = new ImageBlock(null, 720, 200, false) { Says = "No trial has a figure yet" },
            };
        }

        var settings = string.Join(", ", fields.Select(field => $"{field.Path} {Text(best.Values[field.Path])}"));
        var title = $"{name}: best {what} {AxisTicks.Short(best.Score)}";
        return new()
        {
            Title = title,
            Subtitle = $"Reached with {settings}; {shown.Length} of {trials.Count} trials have a figure.",
            Notes = fields.Count > MaxPanels ? [$"Only the first {MaxPanels} of {fields.Count} fields are drawn."] : [],
            Description = $"{title}, reached with {settings}; {shown.Length} trials.",
            Content = new Stack(
            [
                new Legend([.. Styles(shown, best)], 2 * Width),
                new Tiles([.. fields.Take(MaxPanels).Select(field => Panel(field, shown, best, what))], 2, 36, 24),
            ], 12),
        };
    }

    private static Stack Panel(SweepPlotField field, SweepPlotTrial[] trials, SweepPlotTrial best, string metric)
    {
        var across = SweepAxis.Create([.. trials.Select(trial => trial.Values[field.Path])], field.IsLog);
        var up = Axis.Around(trials.Select(trial => trial.Score)) with { Name = metric };
        return new([new Words(field.Path, Typography.Heading, Width), new Plot(Width, Height, across.Axis, up,
        [
            new MarkLayer([.. trials.OrderBy(trial => trial == best).ThenBy(trial => !trial.IsStopped).Select(trial =>
                (new Point(across.Place(trial.Values[field.Path]), trial.Score), StyleOf(trial, best)))]),
        ])], 6);
    }

    private static IEnumerable<(Mark Mark, string Text)> Styles(SweepPlotTrial[] trials, SweepPlotTrial best)
    {
        yield return (StyleOf(best, best), "best");
        if (trials.FirstOrDefault(trial => trial != best && !trial.IsStopped) is { } trained)
        {
            yield return (StyleOf(trained, best), "trial");
        }

        if (trials.FirstOrDefault(trial => trial != best && trial.IsStopped) is { } stopped)
        {
            yield return (StyleOf(stopped, best), "stopped early");
        }
    }

    private static Mark StyleOf(SweepPlotTrial trial, SweepPlotTrial best) => trial == best
        ? new(Ink.Series2, MarkKind.Diamond, BestRadius)
        : new(trial.IsStopped ? Ink.Axis : Ink.Series1, MarkKind.Disc, DotRadius, trial.IsStopped);

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()!
        : value.ValueKind == JsonValueKind.Number ? AxisTicks.Short(value.GetDouble())
        : value.GetRawText();
}

/// <param name="Path">JSON path of the swept field.</param>
/// <param name="IsLog">Whether its axis is logarithmic; null: decided by its values.</param>
public sealed record SweepPlotField(string Path, bool? IsLog);

/// <param name="Values">Of every swept field, by path.</param>
/// <param name="Score">NaN where there is none yet.</param>
/// <param name="IsStopped">Stopped early.</param>
public sealed record SweepPlotTrial(IReadOnlyDictionary<string, JsonElement> Values, double Score, bool IsStopped);
