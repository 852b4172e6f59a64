using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Clouds of a known covariance, and points beside them.</summary>
public sealed class FamiliarityFitTests : IDisposable
{
    private const int Width = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fit_KnowsNineteenOfTwentyOfItsOwn_AndNoneFarAway()
    {
        var fitted = FamiliarityFit.Fit(Cloud(400, 1), 2, Cloud(400, 2), Cloud(400, 3), "features")!;

        Assert.InRange(fitted.KnownShare, 0.91, 0.98);
        var far = Cloud(100, 4);
        for (var i = 0; i < far.Values.Length; i++)
        {
            far.Values[i] += i % Width == 3 ? 4 : 0; // Far in the narrow direction only.
        }

        Assert.All(Enumerable.Range(0, 100), row => Assert.InRange(Familiarity(fitted.Head, far.Row(row)), 0, 0.05));
        var own = Cloud(100, 5);
        Assert.InRange(Enumerable.Range(0, 100).Average(row => Familiarity(fitted.Head, own.Row(row))), 0.7, 1);
    }

    [Fact]
    public void Fit_WhitensWithinTheClasses()
    {
        var head = FamiliarityFit.Fit(Cloud(4000, 1), 2, Cloud(100, 2), Cloud(100, 3), "features")!.Head;

        // The least share of the mean variance is a tenth: variances 9, 1, 1, 0.01 become 0.9 of themselves and 0.1 of their mean.
        double[] variances = [9, 1, 1, 0.01];
        for (var i = 0; i < Width; i++)
        {
            var expected = 1 / Math.Sqrt((0.9 * variances[i]) + (0.1 * variances.Average()));
            Assert.Equal(expected, head.Whitening.Data[(i * Width) + i], expected * 0.06);
        }
    }

    [Fact]
    public void Fit_WithoutImagesToScaleBy_IsNone()
    {
        Assert.Null(FamiliarityFit.Fit(Cloud(40, 1), 2, Cloud(19, 2), Cloud(40, 3), "features"));
        Assert.Null(FamiliarityFit.Fit(Cloud(40, 1), 2, Cloud(40, 2), Cloud(0, 3), "features"));
    }

    [Fact]
    public void Head_Written_IsReadAsItWas()
    {
        var head = FamiliarityFit.Fit(Cloud(40, 1), 2, Cloud(40, 2), Cloud(40, 3), "features")!.Head;
        using (var stream = File.Create(_folder["familiarity.safetensors"]))
        {
            head.Write(stream);
        }

        var read = FamiliarityHead.Read(_folder["familiarity.safetensors"]).Value;

        Assert.Equal((head.Layer, head.Middle, head.Width), (read.Layer, read.Middle, read.Width));
        Assert.Equal(head.Whitening.Data, read.Whitening.Data);
        Assert.Equal(head.Centres.Data, read.Centres.Data);
    }

    /// <summary>The definition, in plain loops.</summary>
    internal static double Familiarity(FamiliarityHead head, ReadOnlySpan<float> features)
    {
        var width = head.Centres.Shape[1];
        var least = double.PositiveInfinity;
        for (var k = 0; k < head.Centres.Shape[0]; k++)
        {
            var sum = 0.0;
            for (var to = 0; to < width; to++)
            {
                var white = 0.0;
                for (var from = 0; from < width; from++)
                {
                    white += (double)features[from] * head.Whitening.Data[(from * width) + to];
                }

                sum += Math.Pow(white - head.Centres.Data[(k * width) + to], 2);
            }

            least = Math.Min(least, sum);
        }

        return 1 / (1 + Math.Exp((Math.Sqrt(least) - head.Middle) / head.Width));
    }

    /// <summary>Two classes, apart in the second feature, with variances 9, 1, 1 and 0.01.</summary>
    private static FeatureTable Cloud(int rows, ulong seed)
    {
        var random = new CounterRandom(seed, 0xC10D);
        double[] deviations = [3, 1, 1, 0.1];
        var values = new float[rows * Width];
        for (var i = 0; i < values.Length; i++)
        {
            var centre = i % Width == 1 ? 20 * (i / Width % 2) : 5;
            values[i] = (float)(centre + (deviations[i % Width] * random.NextGaussian()));
        }

        return new(values, Width, [.. Enumerable.Range(0, rows).Select(row => row % 2)]);
    }
}
