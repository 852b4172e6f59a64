using CnnService.Core.Architecture;
using CnnService.Core.Drawing;

namespace CnnService.Core.Tests.Drawing;

public sealed class ResamplingTests
{
    /// <summary>Of a map that tells its own column, a pixel gets the column that its centre lies at.</summary>
    [Fact]
    public void Bilinear_ByReceptiveFields_IsLinearBetweenTheirCentres()
    {
        float[] columns = [0, 1, 2, 3, 0, 1, 2, 3];
        var field = new ReceptiveField(new(3, 3), new(5, 4), 2.5, 1.5); // First centre at row 2.5 and column 1.5, steps of 5 and 4 pixels.

        var placed = Resampling.Bilinear(columns, 2, 4, 10, 18, field);

        Assert.Equal(10 * 18, placed.Length);
        for (var x = 0; x < 18; x++)
        {
            Assert.Equal(Math.Clamp((x + 0.5 - 1.5) / 4, 0, 3), placed[x], 1e-5);
            Assert.Equal(placed[x], placed[(9 * 18) + x]);
        }
    }

    [Fact]
    public void Bilinear_WithoutFields_SpreadsTheMapOverTheImage()
    {
        var placed = Resampling.Bilinear([0, 1], 1, 2, 1, 8);

        Assert.Equal([0, 0, 0.125f, 0.375f, 0.625f, 0.875f, 1, 1], placed);
    }
}
