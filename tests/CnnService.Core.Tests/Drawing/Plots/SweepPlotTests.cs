using System.Text.Json;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Tests.Drawing.Figures;
using CnnService.Core.Training;

namespace CnnService.Core.Tests.Drawing.Plots;

public sealed class SweepPlotTests
{
    private const MonitoredMetric Metric = MonitoredMetric.ValidationAccuracy;

    private static readonly SweepPlotField[] Fields = [new("optimizer.learningRate", true), new("augmentation", null),
        new("batchSize", null)];

    /// <summary>The diamonds: one in the legend, and the best trial's in each panel, above all other marks of its panel.</summary>
    [Theory]
    [InlineData(MonitoredMetric.ValidationAccuracy)]
    [InlineData(MonitoredMetric.ValidationLoss)]
    public void Create_TheBestTrial_IsMarkedAtTheEndOfItsPanel(MonitoredMetric metric)
    {
        var scene = Laid.Out(SweepPlot.Create("s", Fields[..1], Trials(30), metric));

        var best = scene.All<PathShape>().Where(path => path.Fill.IsOf(Ink.Series2)).Select(path => path.Points[0].Y + 9.6).Max();
        var others = scene.All<CircleShape>().Select(dot => dot.Y).Order().Skip(2).ToArray(); // The first two are the legend's.
        Assert.Equal(29, others.Length);
        Assert.True(metric == Metric ? others.All(y => y > best) : others.All(y => y < best));
    }

    [Fact]
    public void Create_TheBestTrial_IsToldWithItsSettings()
    {
        var trials = Trials(30);
        var best = trials.MaxBy(trial => trial.Score)!;

        var figure = SweepPlot.Create("s", Fields, trials, Metric);

        Assert.Contains(Fields[2].Path + " " + best.Values["batchSize"].GetRawText(), figure.Subtitle, StringComparison.Ordinal);
        Assert.StartsWith("s: best validation accuracy 0.", figure.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TrialsWithoutAFigure_LeavesThemOut()
    {
        SweepPlotTrial[] trials = [.. Trials(3), new(Trials(1)[0].Values, double.NaN, false)];

        Assert.Contains("3 of 4 trials", SweepPlot.Create("s", Fields, trials, Metric).Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NoFigureYet_SaysSo() =>
        Assert.Contains("No trial has a figure yet", Laid.Out(SweepPlot.Create("s", Fields[..1], [], Metric)).Texts());

    [Fact]
    public void Create_ManyFields_DrawsTheFirstAndSaysSo()
    {
        SweepPlotField[] fields = [.. Enumerable.Repeat(Fields[0], 40)];

        var scene = Laid.Out(SweepPlot.Create("s", fields, Trials(2), Metric));

        Assert.Equal(SweepPlot.MaxPanels, scene.Texts().Count(text => text == Fields[0].Path));
        Assert.Contains("Only the first 12 of 40 fields are drawn.", scene.Texts());
    }

    [Theory]
    [InlineData("16 32 64", "16 32 64")]
    [InlineData("1 2 3 4 5 6 7 8", "2 4 6 8")]
    [InlineData("0.0001 0.0002 0.0003 0.0005 0.001 0.002 0.005", "0.0001 0.0002 0.0005 0.001 0.002 0.005")]
    [InlineData("7", "7")]
    public void Ticks_OfNumbers_AreTheirOwnOrRoundOnes(string values, string labels) =>
        Assert.Equal(labels,
            string.Join(' ', SweepAxis.Create([.. values.Split(' ').Select(Json)], null).Axis.Ticks.Select(tick => tick.Label)));

    [Fact]
    public void Create_OfNames_PutsThemSideBySide()
    {
        var axis = SweepAxis.Create([Json("\"none\""), Json("\"article\""), Json("\"none\"")], null);

        Assert.Equal(["none", "article"], axis.Axis.Ticks.Select(tick => tick.Label));
        Assert.Equal([0.25, 0.75], new[] { "\"none\"", "\"article\"" }.Select(name => axis.Axis.Share(axis.Place(Json(name)))));
    }

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
}
