using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Tests.Drawing.Figures;
using CnnService.Core.Training;

namespace CnnService.Core.Tests.Drawing.Plots;

public sealed class CurvePlotTests
{
    [Fact]
    public void Create_History_HasALineOfEachKindInBothPanels()
    {
        var scene = Laid.Out(CurvePlot.Create("pets", "about", History(12), smoothing: 0));

        Assert.Equal(2, Lines(scene, Ink.Series1).Length);
        Assert.Equal(2, Lines(scene, Ink.Series2).Length);
        Assert.All(Lines(scene, Ink.Series1), line => Assert.Equal(12, line.Points.Count));
    }

    /// <summary>Of the loss panel: heights are in proportion to the values.</summary>
    [Fact]
    public void Create_NoSmoothing_LinePassesThroughTheValues()
    {
        var history = History(6);
        var points = Lines(Laid.Out(CurvePlot.Create("pets", "about", history, smoothing: 0)), Ink.Series1)[0].Points;

        var scale = (points[5].Y - points[0].Y) / (history[5].Loss - history[0].Loss);
        Assert.True(scale < 0); // Larger is higher.
        Assert.All(
            Enumerable.Range(0, 6),
            i => Assert.Equal(points[0].Y + (scale * (history[i].Loss - history[0].Loss)), points[i].Y, 1e-6));
        Assert.All(Enumerable.Range(1, 5), i => Assert.Equal((points[5].X - points[0].X) / 5, points[i].X - points[i - 1].X, 1e-6));
    }

    [Fact]
    public void Create_Smoothed_KeepsTheRawLineFaint()
    {
        var scene = Laid.Out(CurvePlot.Create("pets", "about", History(12), smoothing: 0.8));

        var lines = Lines(scene, Ink.Series2);
        Assert.Equal(4, lines.Length);
        Assert.Equal(2, lines.Count(line => line.Line!.Value.Opacity < 0.5));
    }

    [Fact]
    public void Create_SmallestValidationLoss_IsMarkedAndNamed()
    {
        var history = History(11);
        var best = Enumerable.Range(0, 11).MinBy(i => history[i].ValidationLoss);
        var scene = Laid.Out(CurvePlot.Create("pets", "about", history, smoothing: 0));

        Assert.InRange(best, 1, 9);
        var rules = scene.All<PathShape>().Where(path => path.Dash > 0).ToArray();
        var lines = Lines(scene, Ink.Series2);
        Assert.Equal(2, rules.Length);
        Assert.All(rules.Zip(lines), pair => Assert.Equal(pair.Second.Points[best].X, pair.First.Points[0].X, 1.0));
        Assert.Equal(2, scene.Texts().Count(text => text == $"epoch {history[best].Epoch}, kept"));
        Assert.Contains($"in the kept epoch {history[best].Epoch}", scene.Title, StringComparison.Ordinal);
        Assert.Contains(
            scene.Texts(),
            text => text.StartsWith($"The validation loss turned at epoch {history[best].Epoch}", StringComparison.Ordinal));
    }

    /// <summary>The figures are those of the kept epoch, not of the last.</summary>
    [Fact]
    public void Create_KeptEpochBeforeTheLast_TitleHasItsFigures()
    {
        EpochMetrics[] history =
        [
            new(1, 0.7, 0.5, 0.4, 0.961, 1e-4, 1, 1), new(2, 0.6, 0.6, 0.6, 0.954, 1e-4, 1, 1),
        ];

        Assert.StartsWith(
            "pets: validation accuracy 0.961 in the kept epoch 1", CurvePlot.Create("pets", "", history).Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_EveryFifthEpochValidated_LineLeadsThroughThoseAloneAndMarksThem()
    {
        EpochMetrics[] history =
        [
            .. History(20).Select(
                e => e with { ValidationLoss = e.Epoch % 5 == 0 ? 0.3 + (0.01 * e.Epoch) : double.NaN, ValidationAccuracy = double.NaN }),
        ];

        var scene = Laid.Out(CurvePlot.Create("pets", "about", history, smoothing: 0));

        var line = Assert.Single(Lines(scene, Ink.Series2));
        Assert.Equal(4, line.Points.Count);
        Assert.All(line.Points, point => Assert.Contains(scene.All<CircleShape>(), dot => (dot.X, dot.Y) == (point.X, point.Y)));
    }

    [Fact]
    public void Create_LossOverDecades_HasALogarithmicAxis()
    {
        var wide = Laid.Out(CurvePlot.Create("pets", "", [.. History(30).Select(e => e with { Loss = 40 * Math.Pow(0.7, e.Epoch) })]));

        Assert.Contains(wide.Texts(), text => text.StartsWith("Loss (logarithmic)", StringComparison.Ordinal));
        Assert.DoesNotContain(Laid.Out(CurvePlot.Create("pets", "", History(5))).Texts(),
            text => text.Contains("logarithmic", StringComparison.Ordinal));
    }

    [Fact]
    public void Create_NeverValidated_HasNoValidationLine()
    {
        var history = History(5).Select(e => e with { ValidationLoss = double.NaN, ValidationAccuracy = double.NaN }).ToArray();

        var scene = Laid.Out(CurvePlot.Create("pets", "about", history));

        Assert.Empty(Lines(scene, Ink.Series2));
        Assert.DoesNotContain("validation", scene.Texts());
        Assert.Contains("nothing validated", scene.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OneEpoch_ShowsADotAtEachValue()
    {
        var scene = Laid.Out(CurvePlot.Create("pets", "about", History(1), smoothing: 0));

        Assert.Equal(2, scene.All<CircleShape>().Count(dot => dot.Fill.IsOf(Ink.Series1)));
    }

    [Fact]
    public void Create_NoEpoch_SaysSo() =>
        Assert.Contains("No epoch has ended yet", Laid.Out(CurvePlot.Create("pets", "about", [])).Texts());

    [Fact]
    public void Create_RunThatDiverged_LeavesOutWhatIsNotFinite()
    {
        var history = History(6).Select(e => e.Epoch > 4 ? e with { Loss = double.PositiveInfinity } : e).ToArray();

        var scene = Laid.Out(CurvePlot.Create("pets", "about", history, smoothing: 0));

        Assert.Equal(4, Lines(scene, Ink.Series1)[0].Points.Count);
    }

    [Fact]
    public void Smoothed_Series_IsTheWeightedMeanOfThePast()
    {
        var series = new CurveSeries([1, 2, double.NaN, 4]);

        Assert.Equal([1, (0.75 + 2) / 1.75, double.NaN, (0.5625 + 1.5 + 4) / 2.3125], series.Smoothed(0.75).Values);
        Assert.Equal(series.Values, series.Smoothed(0).Values);
    }

    /// <summary>The lines of a kind with more than a legend's two points, from left to right.</summary>
    private static PathShape[] Lines(Scene scene, Ink ink) =>
        [.. scene.All<PathShape>().Where(path => path.Line.IsOf(ink) && path.Points.Count > 2).OrderBy(path => path.Points[0].X)];

    /// <summary>Validation loss falls to the middle and rises again.</summary>
    private static List<EpochMetrics> History(int epochs) =>
    [
        .. Enumerable.Range(1, epochs).Select(epoch => new EpochMetrics(
            epoch, 1.0 / epoch, 1 - (0.5 / epoch), 0.4 + (0.01 * Math.Abs(epoch - (epochs / 2))), 0.9 - (0.3 / epoch), 1e-4, 2, 100)),
    ];
}
