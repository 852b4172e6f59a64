using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Training;

namespace CnnService.Core.Tests.Drawing.Plots;

public sealed class SweepPlotTests
{
    private const MonitoredMetric Metric = MonitoredMetric.ValidationAccuracy;

    private static readonly SweepPlotField[] Fields = [new("optimizer.learningRate", true), new("augmentation", null),
        new("batchSize", null)];

    [Fact]
    public void Draw_TheBestTrial_IsMarkedWhereItsValuesAre()
    {
        var trials = Trials(30);
        var plot = SweepPlot.Draw(Fields, trials, Metric);
        var best = trials.MaxBy(trial => trial.Score)!;

        Assert.Equal((2 * SweepPlot.PanelWidth, 2 * SweepPlot.PanelHeight), (plot.Width, plot.Height));
        Assert.All(SweepPlot.Panels(Fields, trials, Metric).Zip(Fields), pair =>
            Assert.Equal(CurvePanel.Marker, At(plot, pair.First.X(best.Values[pair.Second.Path]), pair.First.Y(best.Score))));
    }

    [Fact]
    public void Draw_ByLoss_MarksTheSmallest()
    {
        var trials = Trials(30);
        var best = trials.MinBy(trial => trial.Score)!;

        var point = Assert.Single(SweepPlot.Panels(Fields, trials, MonitoredMetric.ValidationLoss)[0].Points,
            point => point.Kind == PointKind.Best);

        Assert.Equal(best.Score, point.Y);
    }

    [Fact]
    public void Panels_OfALogField_PutPowersAtEqualDistance()
    {
        var panel = SweepPlot.Panels(Fields, Trials(30), Metric)[0];

        var (low, middle, high) = (panel.X(Json("0.0001")), panel.X(Json("0.001")), panel.X(Json("0.01")));

        Assert.Equal(middle - low, high - middle, 6);
        Assert.True(low < middle);
    }

    [Fact]
    public void Panels_OfNames_PutThemSideBySide()
    {
        var panel = SweepPlot.Panels(Fields, Trials(30), Metric)[1];

        Assert.Equal(
            [panel.Area.Left + (panel.Area.Width / 6.0), panel.Area.Left + (panel.Area.Width / 2.0),
                panel.Area.Left + (panel.Area.Width * 5 / 6.0)],
            new[] { "\"none\"", "\"article\"", """{"rotation":10}""" }.Select(name => panel.X(Json(name))));
    }

    [Fact]
    public void Panels_OfTrialsWithoutAFigure_LeaveThemOut()
    {
        SweepPlotTrial[] trials = [.. Trials(3), new(Trials(1)[0].Values, double.NaN, false)];

        Assert.Equal(3, SweepPlot.Panels(Fields, trials, Metric)[0].Points.Count);
    }

    [Fact]
    public void Draw_NoFigureYet_SaysSo()
    {
        var plot = SweepPlot.Draw(Fields[..1], [], Metric);

        Assert.Equal((SweepPlot.PanelWidth, SweepPlot.PanelHeight), (plot.Width, plot.Height));
        Assert.Equal(BitmapFont.Pixels("No trial has a figure yet").Count() * 4,
            Enumerable.Range(0, plot.Width * plot.Height).Count(i => plot.Data[i * 3] < 0x80));
    }

    [Fact]
    public void Draw_OneTrialOrManyFields_Fits()
    {
        Assert.Equal(SweepPlot.PanelWidth, SweepPlot.Draw(Fields[..1], Trials(1), Metric).Width);
        var many = Enumerable.Repeat(Fields[0], 40).ToArray();
        Assert.Equal(SweepPlot.MaxPanels / 2 * SweepPlot.PanelHeight, SweepPlot.Draw(many, Trials(2), Metric).Height);
    }

    [Theory]
    [InlineData("16 32 64", "16 32 64")]
    [InlineData("1 2 3 4 5 6 7 8", "2 4 6 8")]
    [InlineData("0.0001 0.0002 0.0003 0.0005 0.001 0.002 0.005", "1E-4 2E-4 5E-4 0.001 0.002 0.005")]
    [InlineData("0.00001 0.0002 0.0003 0.0005 0.001 0.02 0.05", "1E-5 1E-4 0.001 0.01")]
    [InlineData("7", "7")]
    public void Ticks_OfNumbers_AreTheirOwnOrRoundOnes(string values, string labels) =>
        Assert.Equal(labels,
            string.Join(' ', ScatterAxis.Create([.. values.Split(' ').Select(Json)], null).Ticks.Select(tick => tick.Label)));

    /// <summary>Best where the rate is near 0.001.</summary>
    private static SweepPlotTrial[] Trials(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var rate = Math.Pow(10, -5 + (3 * i / (double)Math.Max(1, count - 1)));
            var score = 0.9 - (0.1 * Math.Abs(Math.Log10(rate) + 3)) - (0.02 * (i % 3));
            return new SweepPlotTrial(
                new Dictionary<string, JsonElement>
                {
                    ["optimizer.learningRate"] = JsonSerializer.SerializeToElement(rate),
                    ["augmentation"] = Json(new[] { "\"none\"", "\"article\"", """{"rotation":10}""" }[i % 3]),
                    ["batchSize"] = Json(new[] { "16", "32", "64" }[i / 2 % 3]),
                },
                score,
                i % 5 == 4);
        }),
    ];

    private static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private static Color At(PixelBuffer image, double x, double y)
    {
        var pixel = image.Pixel((int)Math.Round(x), (int)Math.Round(y));
        return new(pixel[0], pixel[1], pixel[2]);
    }
}
