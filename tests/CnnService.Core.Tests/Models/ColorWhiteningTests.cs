using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Models;

public sealed class ColorWhiteningTests
{
    private static readonly double[][] Natural = [[0.070, 0.062, 0.051], [0.062, 0.066, 0.060], [0.051, 0.060, 0.072]];

    [Fact]
    public void Matrix_OfColoursThatVaryApart_DividesByTheirDeviations()
    {
        var matrix = ColorWhitening.Matrix([[0.04, 0, 0], [0, 0.09, 0], [0, 0, 0.01]]);
        for (var i = 0; i < 9; i++)
        {
            double[] variances = [0.04, 0.09, 0.01];
            Assert.Equal(i / 3 == i % 3 ? 1 / Math.Sqrt(variances[i / 3] + ColorWhitening.VarianceFloor) : 0, matrix[i / 3][i % 3], 1e-12);
        }
    }

    [Fact]
    public void Matrix_OfNaturalColours_GivesUnitCovarianceAndIsSymmetric()
    {
        var w = ColorWhitening.Matrix(Natural);
        for (var i = 0; i < 9; i++)
        {
            var (row, column) = (i / 3, i % 3);
            var covariance = Enumerable.Range(0, 9).Sum(k => w[row][k / 3] * Natural[k / 3][k % 3] * w[column][k % 3]);
            Assert.Equal(row == column ? 1 : 0, covariance, 0.01); // The floor takes 1e-5 of the smallest variance, 0.0017.
            Assert.Equal(w[row][column], w[column][row], 1e-12);
        }
    }

    [Fact]
    public void Coloring_OfNaturalColours_HasTheirCovarianceTheAxisOfLightFirst()
    {
        var c = ColorWhitening.Coloring(Natural);
        for (var i = 0; i < 9; i++)
        {
            var (row, column) = (i / 3, i % 3);
            Assert.Equal(Natural[row][column], Enumerable.Range(0, 3).Sum(axis => c[(3 * row) + axis] * c[(3 * column) + axis]), 1e-12);
        }

        double[] lengths = [
            .. Enumerable.Range(0, 3).Select(axis => Enumerable.Range(0, 3).Sum(row => c[(3 * row) + axis] * c[(3 * row) + axis]))];
        Assert.Equal(lengths.OrderDescending(), lengths);
        Assert.All([c[0], c[3], c[6]], share => Assert.True(share > 0.2)); // Grey: all three alike, and most of what there is.
    }

    [Fact]
    public void Coloring_OfOneColourAlone_HasNoOther()
    {
        Assert.Equal([0, 0, 0, 0.3, 0, 0, 0, 0, 0],
            ColorWhitening.Coloring([[0, 0, 0], [0, 0.09, 0], [0, 0, 0]]).Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void Matrix_Squared_IsTheInverseOfCovarianceAndFloor()
    {
        var w = ColorWhitening.Matrix(Natural);
        for (var i = 0; i < 9; i++)
        {
            var (row, column) = (i / 3, i % 3);
            double Square(int k) => Enumerable.Range(0, 3).Sum(j => w[row][j] * w[j][k]);
            var product = Enumerable.Range(0, 3)
                .Sum(k => Square(k) * (Natural[k][column] + (k == column ? ColorWhitening.VarianceFloor : 0)));
            Assert.Equal(row == column ? 1 : 0, product, 1e-9);
        }
    }

    [Fact]
    public void Matrix_OfGreyInThreeChannels_StaysBounded()
    {
        var matrix = ColorWhitening.Matrix([[0.05, 0.05, 0.05], [0.05, 0.05, 0.05], [0.05, 0.05, 0.05]]);
        Assert.All(matrix.SelectMany(row => row), value => Assert.InRange(Math.Abs(value), 0, 1 / Math.Sqrt(ColorWhitening.VarianceFloor)));
        Assert.Equal(1 / Math.Sqrt(0.15 + ColorWhitening.VarianceFloor), matrix[0].Sum(), 1e-9);
    }

    [Fact]
    public void Create_Whiten_CarriesItsMatrixThroughJson_OthersHaveNone()
    {
        var whiten = Preprocessing.Create(NormalizationKind.Whiten, 3, [0.4, 0.5, 0.6], [0.26, 0.25, 0.27], Natural);
        var again = JsonSerializer.Deserialize<Preprocessing>(JsonSerializer.Serialize(whiten, CoreJson.Options), CoreJson.Options)!;
        Assert.Equal(whiten.Matrix!.SelectMany(row => row), again.Matrix!.SelectMany(row => row));
        Assert.Equal([1, 1, 1], again.Std);
        var rescale = JsonSerializer.Serialize(Preprocessing.Create(NormalizationKind.Rescale, 3, [], [], Natural), CoreJson.Options);
        Assert.DoesNotContain("matrix", rescale, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Create_WhitenOfGreyImages_IsStandardize()
    {
        var whiten = Preprocessing.Create(NormalizationKind.Whiten, 1, [0.4], [0.2]);
        Assert.Null(whiten.Matrix);
        Assert.Equal((0.4, 0.2), (whiten.Mean[0], whiten.Std[0]));
    }
}
