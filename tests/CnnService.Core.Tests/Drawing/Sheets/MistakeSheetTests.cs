using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Tests.Drawing.Figures;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Tests.Drawing.Sheets;

public sealed class MistakeSheetTests
{
    private static readonly string[] Classes = ["cats", "dogs"];
    private static readonly Mistake Dog = new("id", "cats", "dogs", 0.9999, 0.0001);

    [Theory]
    [InlineData(100, 200)]
    [InlineData(10, 20)] // Enlarged.
    public void Create_Image_FillsTheMiddleOfItsTile(int wide, int high)
    {
        var scene = Laid.Out(MistakeSheet.Create("t", "about", Classes, [Dog], [new(wide, high, 3)]));

        var tile = Assert.Single(scene.All<RectangleShape>());
        var image = Assert.Single(scene.All<ImageShape>());
        Assert.Equal((MistakeSheet.Side, MistakeSheet.Side), (tile.Width, tile.Height));
        Assert.Equal((tile.X + 50, tile.Y, 100, 200), (image.X, image.Y, image.Width, image.Height));
    }

    /// <summary>Nothing short of certain is called certain.</summary>
    [Fact]
    public void Create_Probability_IsRoundedDown() => Assert.Contains(
        "99.9% sure; the true class had 0.0%",
        string.Join(' ', Laid.Out(MistakeSheet.Create("t", "about", Classes, [Dog], [null])).Texts()),
        StringComparison.Ordinal);

    [Fact]
    public void Create_ImageThatIsGone_SaysSoInItsPlace()
    {
        var scene = Laid.Out(MistakeSheet.Create("t", "about", Classes, [Dog, Dog, Dog, Dog, Dog], [null, null, null, null, null]));

        Assert.Equal(5, scene.Texts().Count(text => text == "the image is gone"));
        Assert.Equal([4, 1], scene.All<RectangleShape>().CountBy(tile => tile.Y).Select(row => row.Value));
    }

    [Fact]
    public void Create_ImagesMissing_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => MistakeSheet.Create("t", "about", Classes, [Dog], Array.Empty<PixelBuffer>()));
}
