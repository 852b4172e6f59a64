using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Scans;

namespace CnnService.Core.Tests.Interpretation.Scans;

public sealed class FilterStatisticsTests
{
    private const int Filters = 3;
    private const int Height = 4;
    private const int Width = 5;

    /// <summary>All figures against straightforward sums over everything that was added.</summary>
    [Fact]
    public void Figures_OfManyImages_AreThoseOfBruteForce()
    {
        const int Images = 60;
        var maps = Enumerable.Range(0, Images).Select(Maps).ToArray();
        var statistics = new FilterStatistics(Filters, Images);
        for (var place = 0; place < Images; place++)
        {
            statistics.Add(place, maps[place]);
        }


        for (var filter = 0; filter < Filters; filter++)
        {
            var figures = statistics.Figures(filter);
            double[][] values = [.. maps.Select(map => map.Map(filter).ToArray().Select(value => (double)value).ToArray())];
            double[] cells = [.. values.SelectMany(image => image)];
            double[] maxima = [.. values.Select(image => image.Max()).Order()];
            Assert.Equal(cells.Count(value => value > 0) / (double)cells.Length, figures.PositiveCells, 12);
            Assert.Equal(values.Count(image => image.Any(value => value > 0)) / (double)Images, figures.FiringImages, 12);
            Assert.Equal(cells.Average(), figures.Mean, 9);
            Assert.Equal(Math.Sqrt(cells.Average(value => Math.Pow(value - cells.Average(), 2))), figures.Deviation, 9);
            Assert.Equal(maxima[^1], figures.Max);
            Assert.Equal((maxima[29] + maxima[30]) / 2, figures.MedianMax, 9); // 0.5 of 59 steps lies half way between both.
            Assert.Equal(maxima[58] + (0.41 * (maxima[59] - maxima[58])), figures.P99Max, 6); // 0.99 of 59 steps is 58.41.

            var strongest = statistics.Strongest(filter);
            Assert.Equal(maxima.Reverse().Take(strongest.Count), strongest.Select(cell => (double)cell.Value));
            Assert.All(strongest, cell => Assert.Equal(cell.Value, maps[cell.Image].Map(filter)[(cell.Y * Width) + cell.X]));
            Assert.Equal(strongest.Count, strongest.Select(cell => cell.Image).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(500, 0, 0, FilterStatus.Dead)]
    [InlineData(499, 0, 0, FilterStatus.Silent)]
    [InlineData(500, 4, 1, FilterStatus.Rare)]
    [InlineData(500, 5, 1, FilterStatus.Live)]
    [InlineData(500, 500, Height * Width, FilterStatus.Always)]
    [InlineData(500, 500, Height * Width / 2, FilterStatus.Live)]
    public void Status_FollowsFromHowOftenItFires(int images, int firing, int cells, FilterStatus expected)
    {
        var statistics = new FilterStatistics(1, images);
        for (var i = 0; i < images; i++)
        {
            var values = new float[Height * Width];
            Array.Fill(values, -1);
            Array.Fill(values, 1, 0, i < firing ? cells : 0);
            statistics.Add(i, new LayerActivations(1, Height, Width, values));
        }

        Assert.Equal(expected, statistics.Figures(0).Status);
    }

    /// <summary>Kernels of known angles: (1,0), (2,0) its double, (1,1) at 45 degrees, (0,0) without a direction.</summary>
    [Fact]
    public void Kernels_OfKnownAngles_HaveTheirCosines()
    {
        var statistics = new FilterStatistics(4, 1);
        statistics.Add(0, new LayerActivations(4, 1, 1, new float[] { 1, 1, 1, 1 }));
        var figures = KernelSimilarity.Add([1, 0, 2, 0, 1, 1, 0, 0], [.. Enumerable.Range(0, 4).Select(statistics.Figures)]);

        Assert.Equal([1, 2, Math.Sqrt(2), 0], figures.Select(one => one.KernelNorm!.Value));
        Assert.Equal(new NearestKernel(1, 1), figures[0].Nearest);
        Assert.Equal(new NearestKernel(0, 1), figures[1].Nearest);
        Assert.Equal(Math.Sqrt(0.5), figures[2].Nearest!.Cosine, 12);
        Assert.Null(figures[3].Nearest);
    }

    private static LayerActivations Maps(int image)
    {
        var random = new CounterRandom(5, (ulong)image);
        var values = new float[Filters * Height * Width];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(random.NextDouble() - 0.7);
        }

        return new(Filters, Height, Width, values);
    }
}
