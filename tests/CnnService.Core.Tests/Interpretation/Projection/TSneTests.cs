using CnnService.Core.Common;
using CnnService.Core.Interpretation.Projection;

namespace CnnService.Core.Tests.Interpretation.Projection;

public sealed class TSneTests
{
    private const int Rows = 240;

    private static readonly Lazy<(double[][] Features, double[][] Components, double[][] Map)> Clustered = new(() =>
    {
        var features = Clouds.Of(Rows, 60, apart: 1.5);
        var components = PrincipalComponents.Compute(features, TSne.Dimensions).Coordinates;
        return (features, components, TSne.Embed(components, seed: 0));
    });

    [Fact]
    public void Of_Clusters_KeepsNeighboursAndMoreOfThemThanComponentsDo()
    {
        var (features, components, map) = Clustered.Value;

        var (trust, plain) = (Trustworthiness.Compute(features, map), Trustworthiness.Compute(features, Plane(components)));

        Assert.True(trust >= 0.9 && trust > plain, $"t-SNE {trust}, principal components {plain}");
    }

    [Fact]
    public void Of_Clusters_PutsEachByItself()
    {
        var map = Clustered.Value.Map;
        int[] groups = [.. Enumerable.Range(0, Rows).Select(row => row % Clouds.Groups)];
        var random = new CounterRandom(5);
        var shuffled = groups.ToArray();
        random.Shuffle<int>(shuffled);

        Assert.True(Agreement(map, groups) > 0.95);
        Assert.InRange(Agreement(map, shuffled), 0, 2.0 / Clouds.Groups); // By chance one in six.
    }

    [Fact]
    public void Of_TheSameSeed_IsTheSameToTheLastBit()
    {
        var rows = Plane(PrincipalComponents.Compute(Clouds.Of(41, 9), 9).Coordinates, 9);

        var (first, second, other) = (TSne.Embed(rows, 7), TSne.Embed(rows, 7), TSne.Embed(rows, 8));

        Assert.Equal(first.SelectMany(place => place), second.SelectMany(place => place));
        Assert.NotEqual(first.SelectMany(place => place), other.SelectMany(place => place));
    }

    /// <summary>Few rows, rows on a line, rows that are all the same: a plane of finite places.</summary>
    [Theory]
    [InlineData(5, 1, 1)]
    [InlineData(6, 3, 1)]
    [InlineData(50, 1, 1)]
    [InlineData(17, 4, 0)]
    public void Of_OddRows_IsFinite(int rows, int columns, double scale)
    {
        var random = new CounterRandom(2);
        double[][] features = [.. Enumerable.Range(0, rows).Select(_ => Clouds.Row(columns, scale, ref random))];

        var map = TSne.Embed(PrincipalComponents.Compute(features, 50).Coordinates, 0);

        Assert.All(map, place => Assert.True(double.IsFinite(place[0]) && double.IsFinite(place[1])));
    }

    [Fact]
    public void Of_CancelledWork_Ends() =>
        Assert.Throws<OperationCanceledException>(() => TSne.Embed(Clouds.Of(20, 3), 0, new CancellationToken(canceled: true)));

    [Fact]
    public void Affinities_HaveThePerplexityAskedForAndSumToOne()
    {
        var rows = Clouds.Of(60, 5);

        var shares = Affinities.Compute(rows, 10, CancellationToken.None);

        Assert.Equal(1, shares.Sum(row => row.Sum()), 1e-9);
        Assert.All(Enumerable.Range(0, 60), i => Assert.Equal(0, shares[i][i]));
        // With no averaging to speak of a row of two near and many far ones would have its own entropy; here all rows are much alike.
        Assert.InRange(
            shares.Average(row => Math.Exp(-row.Where(share => share > 0).Sum(share => share / row.Sum() * Math.Log(share / row.Sum())))),
            9, 13);
    }

    [Theory]
    [InlineData(5, 4 / 3.0)]
    [InlineData(61, 20)]
    [InlineData(91, 30)]
    [InlineData(2000, 30)]
    public void PerplexityFor_FewRows_IsAThirdOfThem(int rows, double expected) => Assert.Equal(expected, TSne.PerplexityFor(rows), 12);

    /// <summary>The definition, by sorting: a map that is the truth has 1, one of rows in another order about a half.</summary>
    [Fact]
    public void Trust_OfTheTruthIsOneAndOfChanceAHalf()
    {
        var rows = Clouds.Of(150, 4);
        var random = new CounterRandom(9);
        var shuffled = rows.ToArray();
        random.Shuffle<double[]>(shuffled);

        Assert.Equal(1, Trustworthiness.Compute(rows, rows));
        Assert.InRange(Trustworthiness.Compute(rows, shuffled)!.Value, 0.4, 0.6);
        Assert.Null(Trustworthiness.Compute(rows[..24], rows[..24]));
        Assert.NotNull(Trustworthiness.Compute(rows[..25], rows[..25]));
    }

    private static double[][] Plane(double[][] rows, int columns = 2) => [.. rows.Select(row => row[..columns])];

    /// <summary>How often most of the five nearest have a row's label.</summary>
    private static double Agreement(double[][] map, int[] labels) => Enumerable.Range(0, map.Length).Average(row =>
        Trustworthiness.ByDistance(map, row).Take(5).GroupBy(other => labels[other]).MaxBy(group => group.Count())!.Key == labels[row]
        ? 1.0
        : 0);
}
