using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Tests.Drawing.Figures;
using CnnService.Core.Training.Comparison;

namespace CnnService.Core.Tests.Drawing.Sheets;

public sealed class DisagreementSheetTests
{
    private static readonly string[] Classes = ["cats", "dogs"];
    private static readonly Disagreement Dog = new("id", "dogs", "dogs", 0.98, "cats", 0.7);

    [Fact]
    public void Create_WhoIsWrong_IsSaidInWordsAndInColour()
    {
        var scene = Laid.Out(DisagreementSheet.Create("t", "pets:1", "pets:2", Classes, [Dog], [null]));

        Assert.Equal((Paint)Ink.Series1, scene.Text("A right: dogs, 98.0%").Style.Paint);
        Assert.Equal((Paint)Ink.Series2, scene.Text("B wrong: cats, 70.0%").Style.Paint);
        Assert.Contains(
            "A is pets:1, B is pets:2. Of these 1 A has 1 right, B 0.", string.Join(' ', scene.Texts()), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ImagesMissing_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => DisagreementSheet.Create("t", "a", "b", Classes, [Dog], Array.Empty<PixelBuffer>()));
}
