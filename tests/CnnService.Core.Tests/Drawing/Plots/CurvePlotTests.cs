using CnnService.Core.Common;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Training;

namespace CnnService.Core.Tests.Drawing.Plots;

public sealed class CurvePlotTests
{
    private static readonly Color Training = Color.FromRgb(0x0C7CBA);
    private static readonly Color Validation = Color.FromRgb(0x0F9D58);

    [Fact]
    public void Draw_History_ShowsBothColoursInBothPanels()
    {
        var plot = CurvePlot.Draw(History(12));

        Assert.All(CurvePlot.Panels(History(12)), panel =>
        {
            Assert.NotEmpty(Columns(plot, panel.Area, Training));
            Assert.NotEmpty(Columns(plot, panel.Area, Validation));
        });
    }

    [Fact]
    public void Draw_NoSmoothing_LinePassesThroughTheValues()
    {
        var history = History(6);
        var plot = CurvePlot.Draw(history, smoothing: 0);
        var panel = CurvePlot.Panels(history)[0];

        for (var i = 0; i < history.Count; i++)
        {
            var (x, y) = ((int)Math.Round(panel.X(i)), (int)Math.Round(panel.Y(history[i].Loss)));
            Assert.Equal(Training, At(plot, x, y));
        }
    }

    [Fact]
    public void Draw_SmallestValidationLoss_IsMarkedInItsColumn()
    {
        var history = History(11);
        var best = Enumerable.Range(0, 11).MinBy(i => history[i].ValidationLoss);
        var plot = CurvePlot.Draw(history);

        Assert.InRange(best, 1, 9);
        Assert.All(
            CurvePlot.Panels(history),
            panel => Assert.Equal([(int)Math.Round(panel.X(best))], Columns(plot, panel.Area, CurvePanel.Marker)));
    }

    [Fact]
    public void Draw_EveryFifthEpochValidated_LineLeadsThroughThoseAlone()
    {
        EpochMetrics[] history =
        [
            .. History(20).Select(
                e => e with { ValidationLoss = e.Epoch % 5 == 0 ? 0.3 + (0.01 * e.Epoch) : double.NaN, ValidationAccuracy = double.NaN }),
        ];
        var plot = CurvePlot.Draw(history, smoothing: 0);
        var panel = CurvePlot.Panels(history)[0];

        var columns = Columns(plot, panel.Area, Validation);

        Assert.InRange(columns.Min(), panel.X(4) - 5, panel.X(4));
        Assert.Superset(Enumerable.Range((int)panel.X(5), (int)(panel.X(19) - panel.X(5)) - 1).ToHashSet(), columns.ToHashSet());
        for (var epoch = 5; epoch < 20; epoch++) // Between two validations the line is straight.
        {
            Assert.Equal(Validation, At(plot, (int)Math.Round(panel.X(epoch - 1)), (int)Math.Round(panel.Y(0.3 + (0.01 * epoch)))));
        }
    }

    [Fact]
    public void Draw_LastEpochNotValidated_TitleHasTheLastFigureThereIs()
    {
        var history = History(4).Select(e => e.Epoch == 4 ? e with { ValidationLoss = double.NaN } : e with { ValidationLoss = 0.25 })
            .ToArray();

        var same = History(4).Select(e => e with { ValidationLoss = 0.25 }).ToArray();

        Assert.Equal(Title(CurvePlot.Draw(same)), Title(CurvePlot.Draw(history)));
    }

    [Fact]
    public void Draw_FirstEpochFarAboveTheRest_IsCutOffSoThatTheRestIsSeen()
    {
        var history = History(30).Select(e => e.Epoch == 1 ? e with { Loss = 40 } : e).ToArray();
        var panel = CurvePlot.Panels(history)[0];

        Assert.Equal(panel.Area.Top, panel.Y(40));
        Assert.InRange(panel.Y(0.6) - panel.Area.Top, 0, panel.Area.Height / 3.0);
    }

    [Fact]
    public void Draw_NeverValidated_HasNoMarkerAndNoValidationLine()
    {
        var history = History(5).Select(e => e with { ValidationLoss = double.NaN, ValidationAccuracy = double.NaN }).ToArray();
        var plot = CurvePlot.Draw(history);

        Assert.All(CurvePlot.Panels(history), panel =>
        {
            Assert.Empty(Columns(plot, panel.Area, Validation));
            Assert.Empty(Columns(plot, panel.Area, CurvePanel.Marker));
            Assert.NotEmpty(Columns(plot, panel.Area, Training));
        });
    }

    [Fact]
    public void Draw_OneEpoch_ShowsADotAtEachValue()
    {
        var history = History(1);
        var plot = CurvePlot.Draw(history);
        var panel = CurvePlot.Panels(history)[0];

        Assert.Equal(Training, At(plot, (int)Math.Round(panel.X(0)), (int)Math.Round(panel.Y(history[0].Loss))));
        Assert.Equal(Validation, At(plot, (int)Math.Round(panel.X(0)), (int)Math.Round(panel.Y(history[0].ValidationLoss))));
    }

    [Fact]
    public void Draw_NoEpoch_SaysSo()
    {
        var plot = CurvePlot.Draw([]);

        Assert.Equal((CurvePlot.Width, CurvePlot.Height), (plot.Width, plot.Height));
        Assert.Equal(
            BitmapFont.Pixels("No epoch has ended yet").Count() * 4,
            Enumerable.Range(0, plot.Width * plot.Height).Count(i => plot.Data[i * 3] < 0x80));
    }

    [Fact]
    public void Draw_RunThatDiverged_LeavesOutWhatIsNotFinite()
    {
        var history = History(6).Select(e => e.Epoch > 4 ? e with { Loss = double.PositiveInfinity } : e).ToArray();
        var panel = CurvePlot.Panels(history)[0];

        var columns = Columns(CurvePlot.Draw(history, smoothing: 0), panel.Area, Training);

        Assert.InRange(columns.Max(), panel.X(3) - 3, panel.X(3) + 3);
    }

    [Fact]
    public void Smoothed_Series_IsTheWeightedMeanOfThePast()
    {
        var series = new CurveSeries("s", Training, [1, 2, double.NaN, 4]);

        Assert.Equal([1, (0.75 + 2) / 1.75, double.NaN, (0.5625 + 1.5 + 4) / 2.3125], series.Smoothed(0.75).Values);
        Assert.Equal(series.Values, series.Smoothed(0).Values);
    }

    [Theory]
    [InlineData(0.03, 0.71, 6, "0.2 0.4 0.6")]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.68, 0.72, 4, "0.68 0.69 0.70 0.71 0.72")]
    [InlineData(-30, 110, 4, "0 50 100")]
    [InlineData(0, 4e-5, 4, "0E+0 1E-5 2E-5 3E-5 4E-5")]
    public void AxisTicks_Range_AreRoundNumbers(double low, double high, int most, string labels) =>
        Assert.Equal(labels, string.Join(' ', AxisTicks.Compute(low, high, most).Select(tick => tick.Label)));

    [Fact]
    public void AxisTicks_FewEpochs_AreWholeNumbers() =>
        Assert.Equal(["1", "2", "3"], AxisTicks.Compute(1, 3, 6, minStep: 1).Select(tick => tick.Label));

    /// <summary>Validation loss falls to the middle and rises again.</summary>
    private static List<EpochMetrics> History(int epochs) =>
    [
        .. Enumerable.Range(1, epochs).Select(epoch => new EpochMetrics(
            epoch, 1.0 / epoch, 1 - (0.5 / epoch), 0.4 + (0.01 * Math.Abs(epoch - (epochs / 2))), 0.9 - (0.3 / epoch), 1e-4, 2, 100)),
    ];

    /// <summary>The dots of the first line of text.</summary>
    private static HashSet<(int, int)> Title(PixelBuffer image) =>
        [.. from y in Enumerable.Range(0, 36) from x in Enumerable.Range(0, CurvePlot.Width / 2) where At(image, x, y).Red < 0x80 select (x,
            y)];

    private static Color At(PixelBuffer image, int x, int y) =>
        new(image.Pixel(x, y)[0], image.Pixel(x, y)[1], image.Pixel(x, y)[2]);

    private static int[] Columns(PixelBuffer image, Box area, Color color) =>
    [
        .. Enumerable.Range(area.Left, area.Width + 1)
            .Where(x => Enumerable.Range(area.Top, area.Height).Any(y => At(image, x, y) == color)),
    ];
}
