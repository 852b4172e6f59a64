using System.Globalization;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Models;

namespace CnnService.Core.Drawing.Plots;

/// <summary>
/// Draws a reliability diagram: for each part of the confidence the share of images that were predicted right, before and after
/// calibration. On the diagonal, confidence is accuracy; below it the network is too sure.
/// </summary>
public static class ReliabilityPlot
{
    private const double Side = 360;
    private const double CountHeight = 70;
    private const double LabelRoom = 50;
    private const double BarShare = 0.9;

    /// <param name="calibration">The calibration to draw.</param>
    /// <param name="name">The version.</param>
    public static Figure Create(VersionCalibration calibration, string name)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(name);
        var title = $"{name}: probabilities are off by {Percent(calibration.EceAfter)} on average, before calibration by "
            + $"{Percent(calibration.EceBefore)}";
        var temperature = calibration.Temperature.ToString("0.00", CultureInfo.InvariantCulture);
        return new()
        {
            Title = title,
            Subtitle = $"Judged on {calibration.JudgedOn} validation images that the temperature of {temperature} was not fitted on.",
            Description = $"Reliability diagram. {title}; the temperature is {temperature}.",
            Notes =
            [
                "On the diagonal, probabilities mean what they say; bars below it: the network is too sure. The lower bars are the "
                + "numbers of images.",
            ],
            Content = new Stack(
                [Panel("Before calibration", calibration.Before), Panel($"After, temperature {temperature}", calibration.After)],
                36, IsRow: true),
        };
    }

    private static Stack Panel(string title, IReadOnlyList<ReliabilityBin> bins)
    {
        var across = new Axis(0, 1, AxisTicks.Compute(0, 1, 5)) { Name = "probability of the predicted class" };
        var up = new Axis(0, 1, AxisTicks.Compute(0, 1, 5)) { Name = "share predicted right", MinRoom = LabelRoom };
        var maxImages = Math.Max(1, bins.Max(bin => bin.Images));
        double Middle(int bin) => (bin + 0.5) / bins.Count;
        return new(
        [
            new Words(title, Typography.Heading),
            new Plot(Side, Side, across with { HasTicks = false, Name = string.Empty }, up,
            [
                new BarLayer(
                    [.. bins.Index().Where(bin => bin.Item.Images > 0)
                        .Select(bin => (Middle(bin.Index), bin.Item.Accuracy, (Paint)Ink.Series1))],
                    BarShare / bins.Count),
                new LineLayer([new(0, 0), new(1, 1)], Ink.Series2, 1.5),
            ]),
            new Plot(Side, CountHeight, across,
                Axis.Between(0, maxImages, 2, minStep: 1) with { Name = "images", MinRoom = LabelRoom },
                [new BarLayer([.. bins.Index().Select(bin => (Middle(bin.Index), (double)bin.Item.Images, (Paint)Ink.Axis))],
                    BarShare / bins.Count)]),
        ], 4);
    }

    private static string Percent(double share) => $"{(100 * share).ToString("0.0", CultureInfo.InvariantCulture)}%";
}
