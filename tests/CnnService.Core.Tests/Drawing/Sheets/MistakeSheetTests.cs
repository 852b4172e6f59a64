using CnnService.Core.Common;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Tests.Drawing.Sheets;

public sealed class MistakeSheetTests
{
    private static readonly Mistake Dog = new("id", "cats", "dogs", 0.98, 0.02);

    [Fact]
    public void Compose_Images_LieInTheMiddleOfTheirTiles()
    {
        var white = new PixelBuffer(60, 144, 3, [.. Enumerable.Repeat((byte)255, 60 * 144 * 3)]);

        var sheet = MistakeSheet.Compose("t", [Dog], [white]);

        // Margin 4, title 18 and margin again above the tile; the image is 42 pixels from either side of it.
        Assert.Equal(255, sheet.Pixel(4 + 42, 26)[0]);
        Assert.Equal(255, sheet.Pixel(4 + 42 + 59, 26 + 143)[0]);
        Assert.NotEqual(255, sheet.Pixel(4 + 41, 26 + 70)[0]);
        Assert.NotEqual(255, sheet.Pixel(4 + 102, 26 + 70)[0]);
    }

    [Fact]
    public void Compose_ImageThatIsGone_HasATileAllTheSame()
    {
        var sheet = MistakeSheet.Compose("t", [Dog, Dog, Dog, Dog, Dog], [null, null, null, null, null]);

        Assert.Equal((4 * (MistakeSheet.Side + 4)) + 4, sheet.Width);
        Assert.True(sheet.Height > 2 * MistakeSheet.Side);
    }

    [Fact]
    public void Compose_ImagesMissing_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => MistakeSheet.Compose("t", [Dog], []));
}
