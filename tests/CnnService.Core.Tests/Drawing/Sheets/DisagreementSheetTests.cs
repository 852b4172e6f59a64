using CnnService.Core.Common;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Training.Comparison;

namespace CnnService.Core.Tests.Drawing.Sheets;

public sealed class DisagreementSheetTests
{
    private static readonly Disagreement Dog = new("id", "dogs", "dogs", 0.98, "cats", 0.7);

    [Fact]
    public void Compose_Image_LiesInTheMiddleOverThreeLines()
    {
        var white = new PixelBuffer(60, 144, 3, [.. Enumerable.Repeat((byte)255, 60 * 144 * 3)]);

        var sheet = DisagreementSheet.Compose("t", [Dog], [white]);

        // Margin 4, title 18 and margin again above the tile; the image is 42 pixels from either side of it.
        Assert.Equal(255, sheet.Pixel(4 + 42, 26)[0]);
        Assert.Equal(255, sheet.Pixel(4 + 42 + 59, 26 + 143)[0]);
        Assert.NotEqual(255, sheet.Pixel(4 + 41, 26 + 70)[0]);
        Assert.True(sheet.Height >= 26 + MistakeSheet.Side + 36);
    }

    [Fact]
    public void Compose_WhoIsWrong_StandsOut()
    {
        // Line 2 is what A says, line 3 what B says: the right one is grey, the wrong one orange.
        var right = Inks(DisagreementSheet.Compose("t", [Dog], [null]), line: 1);
        var wrong = Inks(DisagreementSheet.Compose("t", [Dog], [null]), line: 2);

        Assert.Contains(((byte)0xAE, (byte)0xBA, (byte)0xC4), right);
        Assert.Contains(((byte)0xE8, (byte)0xA8, (byte)0x7C), wrong);
        Assert.DoesNotContain(((byte)0xE8, (byte)0xA8, (byte)0x7C), right);
    }

    [Fact]
    public void Compose_ImagesMissing_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DisagreementSheet.Compose("t", [Dog], []));

    private static HashSet<(byte, byte, byte)> Inks(PixelBuffer sheet, int line)
    {
        var inks = new HashSet<(byte, byte, byte)>();
        for (var y = 26 + MistakeSheet.Side + (line * 12); y < 26 + MistakeSheet.Side + ((line + 1) * 12); y++)
        {
            for (var x = 4; x < 4 + MistakeSheet.Side; x++)
            {
                var pixel = sheet.Pixel(x, y);
                inks.Add((pixel[0], pixel[1], pixel[2]));
            }
        }

        return inks;
    }
}
