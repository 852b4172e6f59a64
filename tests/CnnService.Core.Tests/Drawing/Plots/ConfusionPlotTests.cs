using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Tests.Drawing.Plots;

public sealed class ConfusionPlotTests
{
    private static readonly Color All = Color.FromRgb(0x08519C);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Draw_AnyNumberOfClasses_FitsAScreenOrTwo(int classes)
    {
        var plot = ConfusionPlot.Draw(Judged(Diagonal(classes)), "t");

        Assert.InRange(plot.Width, 300, 2300);
        Assert.InRange(plot.Height, 200, 2300);
    }

    [Fact]
    public void Draw_PerfectNetwork_ColoursTheDiagonalAlone()
    {
        var plot = ConfusionPlot.Draw(Judged(Diagonal(30)), "t");

        // 640 / 30 pixels a cell: that many rows hold the full colour, but for a line before every tenth, each over one cell's width.
        var rows = Rows(plot);
        Assert.Equal((30 * 21) - 3, rows.Count);
        Assert.All(rows, row => Assert.InRange(row.Count, 20, 21));
        Assert.True(rows.Zip(rows.Skip(1)).All(pair => pair.First.Min() <= pair.Second.Min()));
    }

    [Fact]
    public void Draw_EverythingTakenForTheFirst_ColoursTheFirstColumnAndNotTheFirstRow()
    {
        int[][] confusion = [.. Enumerable.Range(0, 25).Select(_ => (int[])[4, .. new int[24]])];

        var rows = Rows(ConfusionPlot.Draw(Judged(confusion), "t"));

        Assert.Equal((25 * 25) - 3, rows.Count);
        Assert.Single(rows.Select(row => row.Min()).Distinct());
    }

    [Fact]
    public void Draw_ClassWithoutImages_HasAnEmptyRow()
    {
        int[][] confusion = [[3, 0], [0, 0]];
        Assert.NotEmpty(Rows(ConfusionPlot.Draw(Judged(confusion), "t")));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Draw_MoreThanTwentyClasses_DropsTheCounts(int classes, bool numbered)
    {
        var plain = ConfusionPlot.Draw(Judged(Diagonal(classes, 1)), "t");
        var other = ConfusionPlot.Draw(Judged(Diagonal(classes, 8)), "t");

        // The same shares: below the caption only the counts can differ.
        var size = plain.Width * 3;
        Assert.Equal(!numbered, plain.Data.AsSpan(50 * size).SequenceEqual(other.Data.AsSpan(50 * size)));
    }

    private static List<List<int>> Rows(PixelBuffer plot) =>
    [
        .. Enumerable.Range(0, plot.Height)
            .Select(y => Enumerable.Range(0, plot.Width).Where(x => plot.Pixel(x, y).SequenceEqual(new[] { All.Red, All.Green, All.Blue }))
                .ToList())
            .Where(row => row.Count > 0),
    ];

    private static int[][] Diagonal(int classes, int images = 1) =>
        [.. Enumerable.Range(0, classes).Select(i => Enumerable.Range(0, classes).Select(k => i == k ? images : 0).ToArray())];

    private static SplitEvaluation Judged(int[][] confusion) => new()
    {
        Split = Split.Validation,
        Images = confusion.Sum(row => row.Sum()),
        Loss = 0.5,
        Accuracy = 0.5,
        Classes = [.. confusion.Select((row, i) => new ClassFigures($"c{i}", 1, 1, 1, row.Sum(), 1))],
        Confusion = confusion,
        Mistakes = [],
    };
}
