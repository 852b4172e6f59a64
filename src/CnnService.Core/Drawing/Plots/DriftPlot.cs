using System.Globalization;
using CnnService.Core.Classification.Drift;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Plots;

/// <summary>Draws a drift report: the verdict, then shares of classes and of confidences, before and now.</summary>
public static class DriftPlot
{
    /// <summary>Maximum number of classes; those that changed most are shown, in the model's order.</summary>
    public const int MaxClasses = 20;

    private const int Tenths = 10;

    /// <param name="report">The report to draw.</param>
    /// <param name="title">What was compared.</param>
    public static Figure Create(DriftReport report, string title)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(title);
        var changed = report.Classes.OrderByDescending(one => one.Psi).Take(MaxClasses).ToHashSet();
        var first = Enumerable.Range(0, Tenths).FirstOrDefault(tenth => report.BaselineTenths[tenth] + report.Tenths[tenth] > 0);
        return new()
        {
            Title = $"{title}: {Verdict(report.Verdict)}",
            Subtitle = report.Sentence,
            Description = $"{title}: {Verdict(report.Verdict)}. {report.Sentence}",
            Names = [.. report.Classes.Select(one => one.Name)],
            Notes =
            [
                .. report.Classes.Count > MaxClasses
                    ? (string[])[$"The {MaxClasses} of {report.Classes.Count} classes whose share changed most."] : [],
                "The index is the population stability index: by convention a change is small below "
                + $"{F3(DriftReport.ModerateChange)} and large from {F3(DriftReport.LargeChange)} on.",
            ],
            Content = new Stack(
            [
                new Legend(
                    [(new(Ink.Axis, MarkKind.Square, 6), $"validation, {Number(report.BaselinePredictions)} predictions"),
                        (new(Ink.Series1, MarkKind.Square, 6), $"served, {Number(report.Predictions)} predictions")], 700),
                Panel("Predicted classes", report.ClassDistribution,
                    [.. report.Classes.Where(changed.Contains).Select(one => (one.Name, one.BaselineShare, one.Share))]),
                Panel("Probability of the predicted class", report.Confidence,
                    [.. Enumerable.Range(first, Tenths - first).Select(tenth => (
                        $"{tenth / 10.0:0.0} to {(tenth + 1) / 10.0:0.0}", Share(report.BaselineTenths, tenth),
                        Share(report.Tenths, tenth)))]),
            ], 20),
        };
    }

    private static Stack Panel(string name, DriftFigures figures, (string, double, double)[] rows) => new(
        [
            new Words($"{name}: index {F3(figures.Psi)}, by chance up to {F3(figures.Chance)}", Typography.Heading),
            new PairedBars(rows),
        ], 10);

    private static string Verdict(DriftVerdict verdict) => verdict switch
    {
        DriftVerdict.None => "no drift",
        DriftVerdict.Some => "some drift",
        DriftVerdict.Strong => "strong drift",
        _ => "too few predictions to tell",
    };

    private static double Share(IReadOnlyList<long> counts, int i) => counts.Sum() == 0 ? 0 : (double)counts[i] / counts.Sum();

    private static string F3(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
