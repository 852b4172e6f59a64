using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Projection;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Interpretation.Projection;

public sealed class ProjectionImageTests
{
    /// <summary>
    /// The first colour is the first class, the second the second; a mistake is hollow; right of another is right in the figure.
    /// </summary>
    [Fact]
    public void Draw_RightAndWrongImages_ShowsClassPlaceAndMistake()
    {
        ProjectedImage[] images = [Image("cat", true, 0, 0), Image("dog", true, 10, 0), Image("dog", false, 3.1, 9),
            Image("cat", null, 7.7, 6.2)];
        var scene = Laid.Out(ProjectionImage.Draw(Map(images, "cat", "dog")));

        var marks = scene.All<CircleShape>().Take(4).ToArray(); // Behind them those of the legend.
        Assert.Equal(3, marks.Count(mark => mark.Fill is not null));
        Assert.True(marks[^1].Line.IsOf(Ink.Series2) && marks[^1].Fill is null); // Mistakes are drawn last.
        Assert.Equal(2, marks.Count(mark => mark.Fill.IsOf(Ink.Series1)));
        Assert.True(marks[0].X < marks[2].X && marks[2].X < marks[1].X);
        Assert.True(marks[^1].Y < marks[2].Y && marks[2].Y < marks[0].Y);
        Assert.Equal((marks[1].X - marks[0].X) / 10, (marks[0].Y - marks[^1].Y) / 9, 1e-6); // One scale for both axes.
        Assert.Contains("mistaken, 1", scene.Texts());
    }

    [Fact]
    public void Draw_FewClasses_NamesEachAtItsMedian()
    {
        ProjectedImage[] images =
            [Image("cat", true, 0, 0), Image("cat", true, 1, 1), Image("cat", true, 50, 2), Image("dog", true, 30, 30)];

        var scene = Laid.Out(ProjectionImage.Draw(Map(images, "cat", "dog")));

        var second = scene.All<CircleShape>()[1];
        var name = scene.All<TextShape>().Single(text => text.Text == "cat");
        Assert.Equal(second.X, name.X, 20.0); // Moved at most so far that it stays within the axes.
    }

    /// <summary>All classes of 33 have a look of their own but the last, which begins again.</summary>
    [Fact]
    public void Marks_Of32Classes_AreAllDifferent() => Assert.Equal(32, Enumerable.Range(0, 33).Select(Mark.For).Distinct().Count());

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Draw_OfOnePlaceAndManyClasses_Draws(int classes)
    {
        string[] names = [.. Enumerable.Range(0, classes).Select(i => $"a class of a long name, number {i}")];

        var scene = Laid.Out(ProjectionImage.Draw(Map([.. names.Select(name => Image(name, true, 5, 5))], names)));

        Assert.Contains(names[0] + ", 1", scene.Texts());
    }

    private static ProjectedImage Image(string named, bool? isCorrect, double x, double y) => new("id", named, named, isCorrect, x, y);

    private static ProjectionFigures Map(ProjectedImage[] images, params string[] classes) => new()
    {
        Model = "cats",
        Version = 1,
        Layer = "conv",
        Dataset = "pets",
        Split = "validation",
        Method = ProjectionMethod.Pca,
        Features = 3,
        ExplainedVariance = [0.7, 0.3],
        Trustworthiness = 0.9,
        Images = images,
        Classes = classes,
    };
}
