using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Tests.Interpretation.Attribution;

/// <summary>Two channels of 1 by 2 cells, worked out by hand.</summary>
public class CamMathTests
{
    private static readonly LayerActivations Maps = new(2, 1, 2, new float[] { 1, 2, 3, 0 });

    private static readonly float[] Gradients = [0.5f, -0.1f, -1, 2];

    [Theory]
    [InlineData(ExplainMethod.GradCam, 0.2 + 1.5, 0.4)] // means 0.2 and 0.5
    [InlineData(ExplainMethod.HiresCam, 0, 0)] // 0.5 - 3 and -0.2
    [InlineData(ExplainMethod.LayerCam, 0.5, 0)]
    public void Map_OfSmallNumbers_IsTheFormula(ExplainMethod method, double first, double second)
    {
        var map = CamMath.Map(method, Maps, Gradients);
        Assert.Equal([first, second], map.Select(value => Math.Round((double)value, 6)));
    }

    [Fact]
    public void Map_PlusPlus_IsThePublishedFormula()
    {
        // alpha = g² / (2g² + sum(A)·g³), the weights sum relu(g)·alpha.
        static double Weight(double sum, params double[] gradients) =>
            gradients.Sum(g => g == 0 ? 0 : Math.Max(0, g) * g * g / ((2 * g * g) + (sum * g * g * g)));
        var (one, two) = (Weight(3, 0.5, -0.1), Weight(3, -1, 2));

        var map = CamMath.Map(ExplainMethod.GradCamPlusPlus, Maps, Gradients);

        Assert.Equal(one + (3 * two), map[0], 6);
        Assert.Equal(2 * one, map[1], 6);
    }

    [Theory]
    [InlineData(ExplainMethod.GradCam)]
    [InlineData(ExplainMethod.GradCamPlusPlus)]
    [InlineData(ExplainMethod.HiresCam)]
    [InlineData(ExplainMethod.LayerCam)]
    public void Map_SilentMapsOrNoGradientOrAllAgainst_IsZeroAndFinite(ExplainMethod method)
    {
        Assert.All(CamMath.Map(method, new(2, 1, 2, new float[4]), Gradients), value => Assert.Equal(0, value));
        Assert.All(CamMath.Map(method, Maps, new float[4]), value => Assert.Equal(0, value));
        Assert.All(CamMath.Map(method, Maps, [-1, -1, -1, -1]), value => Assert.Equal(0, value));
        Assert.All(CamMath.Map(method, Maps, [1e-30f, 1e-30f, 1e30f, 1e-30f]), value => Assert.True(float.IsFinite(value)));
    }
}
