using CnnService.Core.Drawing.Plots;
using CnnService.Core.Interpretation.Projection;

namespace CnnService.Core.Tests.Interpretation.Projection;

public sealed class ProjectionImageTests
{
    private static readonly byte[] Paper = [255, 255, 255];

    /// <summary>Blue is the first class, orange the second; a mistake is an outline round paper.</summary>
    [Fact]
    public void Draw_RightAndWrongImages_ShowsClassAndMistake()
    {
        ProjectedImage[] images = [Image("cat", true, 0, 0), Image("dog", true, 10, 0), Image("dog", false, 3.1, 9),
            Image("cat", null, 7.7, 6.2)];
        var drawn = ProjectionImage.Draw(Map(images, "cat", "dog"));
        var frame = ProjectionImage.PlotBounds.Enclose(images);
        byte[] At(int index, int right = 0) =>
            drawn.Pixel((int)Math.Round(frame.Column(images[index].X)) + right, (int)Math.Round(frame.Row(images[index].Y))).ToArray();

        AssertNear([0x00, 0x72, 0xB2], At(0));
        AssertNear([0xE6, 0x9F, 0x00], At(1));
        Assert.Equal(Paper, At(2));
        AssertNear([0xE6, 0x9F, 0x00], At(2, right: 4));
        AssertNear([0x00, 0x72, 0xB2], At(3)); // Not judged: not a mistake.
    }

    /// <summary>One scale for both axes: as far to the right as upwards.</summary>
    [Fact]
    public void Frame_OfAWideMap_IsASquareRoundIt()
    {
        var frame = ProjectionImage.PlotBounds.Enclose([Image("cat", true, -20, 1), Image("cat", true, 20, 3)]);

        Assert.Equal(frame.Column(1) - frame.Column(0), frame.Row(0) - frame.Row(1), 1e-9);
        Assert.Equal((frame.Column(-20) + frame.Column(20)) / 2, frame.Column(0), 1e-9);
    }

    /// <summary>All classes of 33 have a look of their own but the last, which begins again.</summary>
    [Fact]
    public void Marks_Of32Classes_AreAllDifferent() => Assert.Equal(32, Enumerable.Range(0, 33).Select(ScatterMark.For).Distinct().Count());

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Draw_OfOnePlaceAndManyClasses_Draws(int classes)
    {
        string[] names = [
            .. Enumerable.Range(0, classes).Select(i => $"a class of a name that is far too long to be written out, number {i}")];

        var drawn = ProjectionImage.Draw(Map([.. names.Select(name => Image(name, true, 5, 5))], names));

        Assert.Contains(drawn.Data, value => value != 255);
    }

    private static void AssertNear(byte[] expected, byte[] actual) =>
        Assert.All(expected.Zip(actual),
            pair => Assert.True(Math.Abs(pair.First - pair.Second) < 60, $"{string.Join(',', expected)} and {string.Join(',', actual)}"));

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
