using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Core.Visualization.Explaining;

namespace CnnService.Core.Tests.Visualization.Explaining;

/// <summary>The pieces that explanations are made of, against closed formulas.</summary>
public class MapMathTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(33)]
    public void GaussLegendre_IntegratesPolynomialsExactly(int count)
    {
        var rule = GaussLegendre.Of(count);

        Assert.Equal(rule.Select(point => point.Node).Order(), rule.Select(point => point.Node));
        for (var degree = 0; degree < 2 * count; degree++)
        {
            Assert.Equal(1.0 / (degree + 1), rule.Sum(point => point.Weight * Math.Pow(point.Node, degree)), 1e-12);
        }
    }

    [Fact]
    public void Resize_ToTwice_MixesNeighboursByQuarters() =>
        Assert.Equal([0, 0.25f, 0.75f, 1], BilinearMap.Resize([0, 1], 1, 2, 1, 4));

    [Fact]
    public void Resize_ToItself_ChangesNothing() =>
        Assert.Equal([1, 2, 3, 4, 5, 6], BilinearMap.Resize([1, 2, 3, 4, 5, 6], 2, 3, 2, 3));

    [Theory]
    [InlineData(NormalizationKind.Rescale)]
    [InlineData(NormalizationKind.Imagenet)]
    [InlineData(NormalizationKind.Caffe)]
    [InlineData(NormalizationKind.Whiten)]
    public void UnitPreprocessing_IsThePreprocessing_AndItsDerivativeIsItsTranspose(NormalizationKind kind)
    {
        var preprocessing = Preprocessing.Create(kind, 3, [0.4, 0.5, 0.6], [0.2, 0.3, 0.1], [[0.04, 0.02, 0.01], [0.02, 0.05, 0.02], [0.01, 0.02, 0.06]]);
        var unit = new UnitPreprocessing(preprocessing);
        var random = new CounterRandom(3);
        var (x, y, zero) = (Pictures(ref random), Pictures(ref random), new UnitPictures(2, 3, 2, 5, new float[60]));

        var (ax, a0, aty) = (unit.ToNetwork(x), unit.ToNetwork(zero), unit.FromNetwork(y, y.Values));

        // By the definition, one pixel at a time.
        for (var i = 0; i < 10; i++)
        {
            double[] planes = [.. Enumerable.Range(0, 3).Select(plane =>
            {
                var channel = preprocessing.ChannelOrder == ChannelOrder.Bgr ? 2 - plane : plane;
                return ((x.Values[(channel * 10) + i] * 255 * preprocessing.Scale) - preprocessing.Mean[plane]) / preprocessing.Std[plane];
            })];
            for (var plane = 0; plane < 3; plane++)
            {
                var expected = preprocessing.Matrix is { } matrix ? Enumerable.Range(0, 3).Sum(part => matrix[plane][part] * planes[part]) : planes[plane];
                Assert.Equal(expected, ax[(plane * 10) + i], 1e-3);
            }
        }

        // <Ax, y> = <x, A'y> for the linear part A.
        Assert.Equal(ax.Zip(a0, (with, without) => with - without).Zip(y.Values, (a, b) => (double)a * b).Sum(), x.Values.Zip(aty, (a, b) => (double)a * b).Sum(), 1e-1);
    }

    [Fact]
    public void CamMaps_OfSmallMaps_AreTheirFormulas()
    {
        // Two channels of 1x2. Means of the gradients: 1 and -0.5.
        var values = new FeatureMaps(2, 1, 2, new float[] { 2, 4, 1, 6 });
        var gradients = new FeatureMaps(2, 1, 2, new float[] { 3, -1, 0, -1 });

        Assert.Equal([1.5f, 1], CamMaps.Of(ExplainMethod.GradCam, values, gradients)); // 2·1 - 1·0.5, 4·1 - 6·0.5
        Assert.Equal([6, 0], CamMaps.Of(ExplainMethod.HiresCam, values, gradients)); // 6 + 0, -4 - 6 below zero
        Assert.Equal([6, 0], CamMaps.Of(ExplainMethod.LayerCam, values, gradients)); // 6 + 0, 0 + 0
        var weight = 3 * 9f / ((2 * 9f) + (6 * 27f) + 1e-6f); // Of the first channel; the second has no positive gradient.
        Assert.Equal([2 * weight, 4 * weight], CamMaps.Of(ExplainMethod.GradCamPlusPlus, values, gradients));
    }

    [Fact]
    public void CamMaps_WhereAllSpeaksAgainst_AreEmptyAndNoNumberIsLost()
    {
        var values = new FeatureMaps(1, 1, 2, new float[] { 2, 4 });
        var gradients = new FeatureMaps(1, 1, 2, new float[] { -3, -1 });

        Assert.All([ExplainMethod.GradCam, ExplainMethod.GradCamPlusPlus, ExplainMethod.HiresCam, ExplainMethod.LayerCam], method =>
            Assert.Equal([0, 0], CamMaps.Of(method, values, gradients)));
    }

    private static UnitPictures Pictures(ref CounterRandom random)
    {
        var values = new float[2 * 3 * 2 * 5];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextDouble();
        }

        return new(2, 3, 2, 5, values);
    }
}
