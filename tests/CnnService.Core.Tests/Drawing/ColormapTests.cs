using CnnService.Core.Drawing;

namespace CnnService.Core.Tests.Drawing;

public sealed class ColormapTests
{
    // Every 51st colour as matplotlib 3.6.3 has it (round(255 * viridis.colors)), and the middle.
    [Theory]
    [InlineData(0, 68, 1, 84)]
    [InlineData(51, 65, 68, 135)]
    [InlineData(102, 42, 120, 142)]
    [InlineData(128, 33, 145, 140)]
    [InlineData(153, 34, 168, 132)]
    [InlineData(204, 122, 209, 81)]
    [InlineData(255, 253, 231, 37)]
    public void Viridis_Anchor_HasThePublishedColour(byte value, byte red, byte green, byte blue) =>
        Assert.Equal(new[] { red, green, blue }, Colormap.Viridis[value].ToArray());

    [Fact]
    public void Viridis_BrightnessRises_AllTheWay()
    {
        static double Brightness(byte value) =>
            (0.2126 * Colormap.Viridis[value][0]) + (0.7152 * Colormap.Viridis[value][1]) + (0.0722 * Colormap.Viridis[value][2]);

        // Rounding to whole colours may take back a little.
        Assert.All(
            Enumerable.Range(1, 255), value => Assert.True(Brightness((byte)value) > Brightness((byte)(value - 1)) - 0.25, $"{value}"));
    }

    [Fact]
    public void Paint_Gray_RepeatsTheValue()
    {
        var image = Colormap.Gray.Apply([0, 7, 255], width: 3, height: 1);

        Assert.Equal(new byte[] { 0, 0, 0, 7, 7, 7, 255, 255, 255 }, image.Data);
    }

    [Fact]
    public void Paint_WrongCount_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Colormap.Viridis.Apply([1, 2, 3], width: 2, height: 2));
}
