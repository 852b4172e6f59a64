using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Tests.Drawing.Figures;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Tests.Drawing.Plots;

public sealed class ConfusionPlotTests
{
    private const double LegendMark = 1.8 * 6;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Create_AnyNumberOfClasses_FitsAScreenOrTwo(int classes)
    {
        var scene = Laid.Out(ConfusionPlot.Create(Judged(Diagonal(classes)), "t"));

        Assert.InRange(scene.Width, 300, 2300);
        Assert.InRange(scene.Height, 200, 2300);
        Assert.Equal(classes, Cells(scene, Ink.Series1).Length);
        Assert.Empty(Cells(scene, Ink.Series2));
    }

    [Fact]
    public void Create_CountsOfTwoClasses_StandInTheirCells()
    {
        int[][] confusion = [[9, 1], [4, 6]];

        var scene = Laid.Out(ConfusionPlot.Create(Judged(confusion), "t"));

        Assert.Equal(2, Cells(scene, Ink.Series1).Length);
        var wrong = Cells(scene, Ink.Series2).OrderBy(cell => cell.Y).ToArray();
        var first = Cells(scene, Ink.Series1).MinBy(cell => cell.Y)!;
        Assert.True(wrong[0].X > first.X && wrong[0].Y == first.Y); // Truth is the row: one of the first class taken for the second.
        Assert.True(wrong[1].X == first.X && wrong[1].Y > first.Y);
        Assert.True(wrong[0].Fill!.Value.Opacity < wrong[1].Fill!.Value.Opacity);
        foreach (var (number, share, cell) in new[] { ("1", "10.0%", wrong[0]), ("4", "40.0%", wrong[1]) })
        {
            Assert.All(new[] { number, share }, text =>
            {
                var shown = scene.Text(text);
                Assert.InRange(shown.X, cell.X, cell.X + cell.Width);
                Assert.InRange(shown.Y, cell.Y, cell.Y + cell.Height);
            });
        }
    }

    [Fact]
    public void Create_ClassWithoutImages_HasAnEmptyRow()
    {
        var scene = Laid.Out(ConfusionPlot.Create(Judged([[3, 0], [0, 0]]), "t"));

        Assert.Single(Cells(scene, Ink.Series1));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Create_MoreThanTwentyClasses_DropsTheCounts(int classes, bool numbered) =>
        Assert.Equal(numbered, Laid.Out(ConfusionPlot.Create(Judged(Diagonal(classes, 77)), "t")).Texts().Contains("77"));

    [Fact]
    public void Create_ManyClasses_NamesWhatIsConfusedMost()
    {
        var confusion = Diagonal(30, 10);
        (confusion[4][9], confusion[7][2]) = (5, 3);

        var texts = Laid.Out(ConfusionPlot.Create(Judged(confusion), "t")).Texts();

        Assert.Contains("c4 taken for c9: 5 (33.3%)", texts);
        Assert.Contains("c7 taken for c2: 3 (23.1%)", texts);
    }

    [Fact]
    public void Create_HundredClasses_NamesDoNotOverlap()
    {
        var scene = Laid.Out(ConfusionPlot.Create(Judged(Diagonal(100)), "t"));

        var rows = scene.All<TextShape>().Where(text => text is { Anchor: TextAnchor.End, IsUpwards: false }).OrderBy(text => text.Y)
            .ToArray();
        Assert.Equal(100, rows.Length);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.Second.Y - pair.First.Y >= pair.First.Style.CapitalHeight));
    }

    /// <summary>Even classes are confused with each other only, odd ones likewise.</summary>
    [Fact]
    public void Arrange_TwoGroupsInterleaved_StandTogether()
    {
        int[][] confusion = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 12)
            .Select(k => i == k ? 20 : i % 2 == k % 2 ? 4 : 0).ToArray())];

        var order = ConfusionOrder.Arrange(confusion);

        Assert.Equal(Enumerable.Range(0, 12), order.Order());
        Assert.Single(order.Take(6).Select(label => label % 2).Distinct());
    }

    [Fact]
    public void Arrange_ChainOfNeighbours_FollowsIt()
    {
        int[] chain = [3, 0, 4, 1, 2];
        var confusion = Diagonal(5, 50);
        foreach (var (one, other) in chain.Zip(chain.Skip(1)))
        {
            confusion[one][other] = 10;
        }

        var order = ConfusionOrder.Arrange(confusion);

        var far = order.Zip(order.Skip(1))
            .Count(pair => Math.Abs(Array.IndexOf(chain, pair.First) - Array.IndexOf(chain, pair.Second)) > 2);
        Assert.Equal(0, far);
    }

    private static RectangleShape[] Cells(Scene scene, Ink ink) => [.. scene.All<RectangleShape>()
        .Where(box => box.Fill.IsOf(ink) && Math.Abs(box.Width - LegendMark) > 0.01)];

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
