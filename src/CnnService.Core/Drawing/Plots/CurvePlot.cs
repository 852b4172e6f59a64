using System.Globalization;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Training;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws the learning curves of a run: loss and accuracy, training against validation, and the epoch that is kept.</summary>
public static class CurvePlot
{
    public const double DefaultSmoothing = 0.8;

    private const double Width = 500;
    private const double Height = 290;
    private const double Gap = 36;
    private const double RawOpacity = 0.3;

    /// <summary>From this ratio of the largest loss to the smallest on, the axis is logarithmic.</summary>
    private const double LogRatio = 30;

    /// <param name="name">The model that the run trains.</param>
    /// <param name="about">What it is trained on, for the line below the title.</param>
    /// <param name="epochs">In order; may be empty.</param>
    /// <param name="smoothing">0 (none) up to, not including, 1; the raw values stay visible as a faint line.</param>
    public static Figure Create(string name, string about, IReadOnlyList<EpochMetrics> epochs, double smoothing = DefaultSmoothing)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(smoothing, 1);
        if (epochs.Count == 0)
        {
            return new()
            {
                Title = $"{name}: no epoch has ended yet",
                Subtitle = about,
                Description = "The curves begin when the first epoch has ended.",
                Content = new ImageBlock(null, 720, 200, false) { Says = "No epoch has ended yet" },
            };
        }

        var kept = epochs[EpochSelection.BestIndex(epochs)];
        var title = double.IsFinite(kept.ValidationLoss)
            ? $"{name}: validation accuracy {F3(kept.ValidationAccuracy)} in the kept epoch {Number(kept.Epoch)}"
            : $"{name}: training accuracy {F3(kept.Accuracy)} in the kept epoch {Number(kept.Epoch)}, nothing validated";
        return new()
        {
            Title = title,
            Subtitle = about,
            Description = $"{title}. Validation loss {F3(kept.ValidationLoss)}, training loss {F3(kept.Loss)} there; "
                + $"{Number(epochs.Count)} epochs. {Turned(epochs, kept)}".TrimEnd(),
            Notes = [.. Notes(epochs, kept, smoothing)],
            Content = new Stack(
            [
                new Legend([.. Legend(epochs)], 2 * Width, HasLines: true),
                new Stack([.. Panels(epochs, smoothing)], Gap, IsRow: true),
            ], 10),
        };
    }

    /// <summary>The loss and accuracy panels, side by side.</summary>
    internal static IReadOnlyList<Block> Panels(IReadOnlyList<EpochMetrics> epochs, double smoothing) =>
    [
        Panel("loss", epochs, smoothing, epoch => epoch.Loss, epoch => epoch.ValidationLoss, isLoss: true),
        Panel("accuracy", epochs, smoothing, epoch => epoch.Accuracy, epoch => epoch.ValidationAccuracy, isLoss: false),
    ];

    private static IEnumerable<(Mark Mark, string Text)> Legend(IReadOnlyList<EpochMetrics> epochs)
    {
        yield return (new(Ink.Series1), "training");
        if (epochs.Any(epoch => double.IsFinite(epoch.ValidationLoss)))
        {
            yield return (new(Ink.Series2), "validation");
        }
    }

    private static Stack Panel(
        string name, IReadOnlyList<EpochMetrics> epochs, double smoothing, Func<EpochMetrics, double> training,
        Func<EpochMetrics, double> validation, bool isLoss)
    {
        (CurveSeries Values, Ink Ink)[] lines =
            [(new([.. epochs.Select(training)]), Ink.Series1), (new([.. epochs.Select(validation)]), Ink.Series2)];
        double[] all = [.. lines.SelectMany(line => line.Values.Values).Where(double.IsFinite)];
        var up = isLoss && all.Length > 0 && all.Min() > 0 && all.Max() >= LogRatio * all.Min() ? Axis.Log(all) : Axis.Around(all);
        double first = epochs[0].Epoch, last = epochs[^1].Epoch;
        var range = last > first
            ? Axis.Between(first, last, 8, minStep: 1)
            : new(first - 1, first + 1, [(first, Number(epochs[0].Epoch))]);
        var across = range with { Name = "epoch" };
        var kept = EpochSelection.BestIndex(epochs);
        List<PlotLayer> layers = [.. smoothing > 0 ? lines.Select(line => Line(line.Values, ((Paint)line.Ink).At(RawOpacity), 1.25)) : []];
        layers.Add(new RuleLayer(epochs[kept].Epoch, $"epoch {Number(epochs[kept].Epoch)}, kept", Ink.Axis, IsBelow: !isLoss, Dash: 4));
        layers.AddRange(lines.Select(line => Line(line.Values.Smoothed(smoothing), line.Ink, 2.25)));
        layers.Add(new MarkLayer([.. new[] { (validation(epochs[kept]), Ink.Series2), (training(epochs[kept]), Ink.Series1) }
            .Where(value => double.IsFinite(value.Item1)).Take(1)
            .Select(value => (new Point(epochs[kept].Epoch, value.Item1), new Mark(value.Item2, Radius: 5)))]));
        return new([new Words(Heading(name, training(epochs[kept]), validation(epochs[kept]), up), Typography.Heading),
            new Plot(Width, Height, across, up, layers)], 6);

        LineLayer Line(CurveSeries series, Paint paint, double width)
        {
            var missing = series.Values.Any(value => !double.IsFinite(value));
            return new([.. series.Values.Select((value, i) => new Point(epochs[i].Epoch, value))], paint, width, missing && width > 2);
        }
    }

    private static string Heading(string name, double training, double validation, Axis up) =>
        $"{char.ToUpperInvariant(name[0])}{name[1..]}{(up.IsLog ? " (logarithmic)" : "")}: "
        + (double.IsFinite(validation) ? $"validation {F3(validation)}, " : "") + $"training {F3(training)}";

    private static IEnumerable<string> Notes(IReadOnlyList<EpochMetrics> epochs, EpochMetrics kept, double smoothing)
    {
        if (Turned(epochs, kept) is { Length: > 0 } turned)
        {
            yield return turned;
        }

        if (smoothing > 0)
        {
            yield return $"Smoothed by {smoothing.ToString("0.##", CultureInfo.InvariantCulture)}; the raw values are the faint lines. The "
                + "dot is the raw value of the kept epoch.";
        }
    }

    private static string Turned(IReadOnlyList<EpochMetrics> epochs, EpochMetrics kept)
    {
        var last = epochs.LastOrDefault(epoch => double.IsFinite(epoch.ValidationLoss));
        return last is not null && last.ValidationLoss > kept.ValidationLoss
            ? $"The validation loss turned at epoch {Number(kept.Epoch)}: since then it has risen from {F3(kept.ValidationLoss)} to "
                + $"{F3(last.ValidationLoss)}."
            : string.Empty;
    }

    private static string F3(double value) => double.IsFinite(value) ? value.ToString("F3", CultureInfo.InvariantCulture) : "-";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
