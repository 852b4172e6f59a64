using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Tests.Interpretation.Layers;

public sealed class FeatureMapScalingTests
{
    private static readonly float[] Values = [0, 0, 1, 2.5f, -3, 0.75f];

    [Fact]
    public void Apply_ByFilter_IsTheFormulaOfNumpy() =>
        Assert.Equal(new byte[] { 119, 119, 158, 216, 4, 148 }, FeatureMapScaling.Apply(Maps(Values), 0, FeatureMapScale.Filter));

    [Fact]
    public void Apply_MinMax_IsTheFormulaOfNumpy() =>
        Assert.Equal(new byte[] { 139, 139, 185, 255, 0, 174 }, FeatureMapScaling.Apply(Maps(Values), 0, FeatureMapScale.MinMax));

    /// <summary>No activation is the darkest colour also where every cell is active.</summary>
    [Fact]
    public void Apply_MinMaxOfAMapAboveZero_BeginsAtZero() =>
        Assert.Equal(new byte[] { 64, 128, 255 }, FeatureMapScaling.Apply(Maps([1, 2, 4]), 0, FeatureMapScale.MinMax));

    [Fact]
    public void Apply_ByLayer_PutsZeroAtTheDarkEndAndTheLayersLargestAtTheBright()
    {
        var maps = new LayerActivations(2, 1, 3, new float[] { 0, 1, 2, 0, 4, 8 });

        Assert.Equal(new byte[] { 0, 32, 64 }, FeatureMapScaling.Apply(maps, 0, FeatureMapScale.Layer));
        Assert.Equal(new byte[] { 0, 128, 255 }, FeatureMapScaling.Apply(maps, 1, FeatureMapScale.Layer));
    }

    [Fact]
    public void Apply_EverythingTwiceAsStrong_LooksTheSameByFilter()
    {
        var doubled = Maps([.. Values.Select(value => 2 * value)]);

        Assert.Equal(
            FeatureMapScaling.Apply(Maps(Values), 0, FeatureMapScale.Filter),
            FeatureMapScaling.Apply(doubled, 0, FeatureMapScale.Filter));
    }

    [Theory]
    [InlineData(FeatureMapScale.Filter, 5f, 5f)]
    [InlineData(FeatureMapScale.MinMax, 5f, 5f)]
    [InlineData(FeatureMapScale.Layer, 0f, 0f)]
    [InlineData(FeatureMapScale.Filter, 1e6f, 1e6f + 0.5f)]
    [InlineData(FeatureMapScale.MinMax, 0f, 9e-7f)]
    [InlineData(FeatureMapScale.Filter, 1f, float.NaN)]
    [InlineData(FeatureMapScale.Layer, 1f, float.PositiveInfinity)]
    public void Apply_NothingToSee_IsZeroAllOver(FeatureMapScale scale, float one, float other)
    {
        float[] flat = [one, other, one, other];

        Assert.True(FeatureMapScaling.IsFlat(flat));
        Assert.Equal(new byte[4], FeatureMapScaling.Apply(Maps(flat), 0, scale));
    }

    [Fact]
    public void IsFlat_SpreadAboveTheFloor_IsFalse() => Assert.False(FeatureMapScaling.IsFlat([0, 2e-6f]));

    private static LayerActivations Maps(float[] values) => new(1, 1, values.Length, values);
}
