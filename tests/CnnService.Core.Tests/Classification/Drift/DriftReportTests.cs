using CnnService.Core.Classification.Drift;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Classification.Drift;

public sealed class DriftReportTests
{
    private static readonly string[] Classes = ["cats", "dogs"];

    [Fact]
    public void Of_TheSameSpread_SaysSo()
    {
        var report = Report([100, 100], [60, 60]);

        Assert.Equal(DriftVerdict.None, report.Verdict);
        Assert.Equal((120, 200), (report.Predictions, report.BaselinePredictions));
        Assert.Contains("as on the validation images", report.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnotherClassMix_NamesTheClassThatChangedMost()
    {
        var report = Report([500, 500], [900, 100]);

        Assert.Equal(DriftVerdict.Strong, report.Verdict);
        Assert.Equal((DriftVerdict.Strong, DriftVerdict.None), (report.ClassDistribution.Verdict, report.Confidence.Verdict));
        Assert.Contains("'dogs' is 10.0 % of the predictions and was 50.0 %", report.Sentence, StringComparison.Ordinal);
        Assert.Equal(0.4, report.ClassDistribution.TotalVariation, 1e-12);
        Assert.Equal(new ClassDrift("cats", 0.5, 0.9, 900, report.Classes[0].Psi, 0), report.Classes[0]);
        Assert.Equal(report.ClassDistribution.Psi, report.Classes.Sum(one => one.Psi), 1e-12);
    }

    [Theory]
    [InlineData(9, 5, "less sure")]
    [InlineData(5, 9, "more sure")]
    public void Of_OtherConfidences_SaysWhichWay(int before, int now, string expected)
    {
        var report = DriftReport.Create(Classes, [At(before, 200), At(before, 200)], [At(now, 100), At(now, 100)]);

        Assert.Equal((DriftVerdict.None, DriftVerdict.Strong), (report.ClassDistribution.Verdict, report.Confidence.Verdict));
        Assert.Contains(expected, report.Sentence, StringComparison.Ordinal);
        Assert.Equal((400, 200), (report.BaselineTenths[before], report.Tenths[now]));
        Assert.Equal(1, report.Classes[0].ConfidenceVariation);
    }

    [Fact]
    public void Of_FewPredictions_GivesNoVerdict()
    {
        var report = Report([500, 500], [49, 0]);

        Assert.Equal(DriftVerdict.TooFew, report.Verdict);
        Assert.Contains("49 predictions; 50 are needed", report.Sentence, StringComparison.Ordinal);
    }

    /// <summary>With many classes and few predictions the index is large by chance alone: custom's thresholds would cry wolf.</summary>
    [Fact]
    public void Of_ManyClassesAndFewPredictions_ChanceIsNotTakenForDrift()
    {
        var random = new Core.Common.CounterRandom(3);
        long[][] before = [.. Enumerable.Range(0, 100).Select(_ => At(9, 5))], now = [.. Enumerable.Range(0, 100).Select(_ => At(9, 0))];
        for (var i = 0; i < 200; i++)
        {
            now[random.NextInt32(100)][9]++;
        }

        var report = DriftReport.Create([.. Enumerable.Range(0, 100).Select(i => $"c{i}")], before, now);

        Assert.True(report.ClassDistribution.Psi > DriftReport.LargeChange, $"{report.ClassDistribution.Psi}");
        Assert.Equal(DriftVerdict.None, report.Verdict);
    }

    /// <summary>Both classes had half of the baseline; the first now has 90 %.</summary>
    [Fact]
    public void Plot_LongerBar_IsTheLargerShare()
    {
        var scene = Laid.Out(DriftPlot.Create(Report([500, 500], [900, 100]), "pets:1"));

        var now = scene.All<RectangleShape>().Where(bar => bar.Fill.IsOf(Ink.Series1) && bar.Height == 10).OrderBy(bar => bar.Y).ToArray();
        Assert.Equal(9, now[0].Width / now[1].Width, 0.1);
        Assert.Contains("90.0%", scene.Texts());
        Assert.Contains("strong drift", scene.Title, StringComparison.Ordinal);
    }

    private static DriftReport Report(long[] before, long[] now) =>
        DriftReport.Create(Classes, [.. before.Select(count => At(9, count))], [.. now.Select(count => At(9, count))]);

    private static long[] At(int tenth, long count)
    {
        var tenths = new long[10];
        tenths[tenth] = count;
        return tenths;
    }
}
