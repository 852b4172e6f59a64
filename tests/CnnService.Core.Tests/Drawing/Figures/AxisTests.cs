using CnnService.Core.Drawing.Figures;

namespace CnnService.Core.Tests.Drawing.Figures;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0.03, 0.71, 6, "0.2 0.4 0.6")]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0.68, 0.72, 4, "0.68 0.69 0.70 0.71 0.72")]
    [InlineData(-30, 110, 4, "0 50 100")]
    [InlineData(0, 4e-5, 4, "0E+0 1E-5 2E-5 3E-5 4E-5")]
    public void Compute_Range_GivesRoundNumbers(double low, double high, int most, string labels) =>
        Assert.Equal(labels, string.Join(' ', AxisTicks.Compute(low, high, most).Select(tick => tick.Label)));

    [Fact]
    public void Compute_FewEpochs_GivesWholeNumbers() =>
        Assert.Equal(["1", "2", "3"], AxisTicks.Compute(1, 3, 6, minStep: 1).Select(tick => tick.Label));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(3.14159, "3.14")]
    [InlineData(-0.0123456, "-0.0123")]
    [InlineData(2011.2, "2011")]
    [InlineData(12, "12")]
    [InlineData(1.5e-7, "1.5E-7")]
    [InlineData(7e8, "7E+8")]
    public void Short_Number_HasThreeDigits(double value, string text) => Assert.Equal(text, AxisTicks.Short(value));

    [Fact]
    public void Share_LogAxis_PutsPowersAtEqualDistance()
    {
        var axis = Axis.Log([1e-4, 1e-2]);

        Assert.Equal(axis.Share(1e-3) - axis.Share(1e-4), axis.Share(1e-2) - axis.Share(1e-3), 1e-12);
        Assert.Equal(["0.0001", "0.0003", "0.001", "0.003", "0.01"], axis.Ticks.Select(tick => tick.Label));
    }

    [Fact]
    public void Around_EqualValues_DoesNotMagnifyNoise()
    {
        var axis = Axis.Around([0.5, 0.5]);

        Assert.Equal(0.05 * 0.5, axis.High - axis.Low, 1e-12);
        Assert.InRange(0.5, axis.Low, axis.High);
    }

    [Fact]
    public void Around_NothingFinite_IsZeroToOne() => Assert.Equal((0, 1), (Axis.Around([double.NaN]).Low, Axis.Around([double.NaN]).High));

    [Fact]
    public void Categories_Names_StandInTheMiddleOfEqualSteps()
    {
        var axis = Axis.Categories(["a", "b", "c"]);

        double[] middles = [1 / 6.0, 0.5, 5 / 6.0];
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(middles[i], axis.Share(axis.Ticks[i].Value), 1e-12));
    }
}
