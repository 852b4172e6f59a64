using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Models;
using CnnService.Core.Tests.Drawing.Figures;

namespace CnnService.Core.Tests.Drawing.Plots;

public sealed class ReliabilityPlotTests
{
    private static readonly VersionCalibration Calibration = new()
    {
        Temperature = 1.5,
        EceBefore = 0.2,
        EceAfter = 0.05,
        FittedOn = 50,
        JudgedOn = 40,
        Before = [new(0, 0, 0), new(40, 0.9, 0.5)],
        After = [new(10, 0.4, 0.25), new(30, 0.75, 0.75)],
    };

    /// <summary>Bars are in proportion to the shares, those of counts to the numbers of images; a part without images has no bar.</summary>
    [Fact]
    public void Create_Calibration_HasABarForEachPartWithImages()
    {
        var scene = Laid.Out(ReliabilityPlot.Create(Calibration, "pets:1"));

        var shares = scene.All<RectangleShape>().Where(bar => bar.Fill.IsOf(Ink.Series1)).OrderBy(bar => bar.X).ToArray();
        Assert.Equal(3, shares.Length);
        Assert.Equal(0.5 / 0.75, shares[0].Height / shares[2].Height, 1e-6);
        Assert.Equal(3, shares[2].Height / shares[1].Height, 1e-6);
        Assert.Contains("5.0%", scene.Title, StringComparison.Ordinal);
        Assert.Contains("20.0%", scene.Title, StringComparison.Ordinal);
    }
}
