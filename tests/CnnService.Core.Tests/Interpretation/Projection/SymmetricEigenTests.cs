using CnnService.Core.Common;
using CnnService.Core.Interpretation.Projection;

namespace CnnService.Core.Tests.Interpretation.Projection;

public sealed class SymmetricEigenTests
{
    /// <summary>Among them sizes that fill no vector, and matrices of low rank, whose smallest values are alike.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(7, 7)]
    [InlineData(60, 60)]
    [InlineData(61, 5)]
    [InlineData(33, 0)]
    public void Vectors_OfRandomMatrices_AreOrthogonalAndMakeTheMatrix(int size, int rank)
    {
        var matrix = Matrix(size, rank);
        var eigen = new SymmetricEigen([.. matrix.Select(row => (double[])row.Clone())]);
        double[] values = [.. eigen.Values];
        double[][] vectors = [.. Enumerable.Range(0, size).Select(eigen.Vector)];

        Assert.Equal(values.OrderDescending(), values);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                Assert.Equal(i == j ? 1 : 0, vectors[i].Zip(vectors[j], (a, b) => a * b).Sum(), 1e-11);
                Assert.Equal(matrix[i][j], Enumerable.Range(0, size).Sum(k => values[k] * vectors[k][i] * vectors[k][j]), 1e-10);
            }
        }
    }

    [Fact]
    public void Values_OfAMatrixOfKnownOnes_AreThose()
    {
        // Second differences over n places: 2 - 2 cos(k pi / (n + 1)).
        const int Size = 20;
        double[][] matrix = [.. Enumerable.Range(0, Size).Select(i => Enumerable.Range(0, Size).Select(j => i == j ? 2.0 : Math.Abs(i - j) == 1 ? -1 : 0).ToArray())];

        var expected = Enumerable.Range(1, Size).Select(k => 2 - (2 * Math.Cos(k * Math.PI / (Size + 1)))).OrderDescending();

        Assert.All(expected.Zip(new SymmetricEigen(matrix).Values), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    private static double[][] Matrix(int size, int rank)
    {
        var random = new CounterRandom(3, (ulong)size);
        var matrix = new double[size][];
        for (var i = 0; i < size; i++)
        {
            matrix[i] = new double[size];
        }

        for (var k = 0; k < rank; k++)
        {
            var vector = Clouds.Row(size, 1, ref random);
            var factor = random.NextDouble(-1, 1);
            for (var i = 0; i < size * size; i++)
            {
                matrix[i / size][i % size] += factor * vector[i / size] * vector[i % size];
            }
        }

        return matrix;
    }
}
