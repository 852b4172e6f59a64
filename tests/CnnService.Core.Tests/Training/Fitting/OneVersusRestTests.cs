using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Classifiers for rows that have any number of classes.</summary>
public sealed class OneVersusRestTests
{
    private const int Rows = 60;
    private const int Width = 3;

    /// <summary>At a minimum the slope is none in any direction, as a naive reading of the definition computes the loss.</summary>
    [Fact]
    public void Fit_RowsWithSets_IsAtTheMinimumOfTheDefinition()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, Rows * Width).Select(_ => (float)((random.NextDouble() * 4) - 1)).ToArray();
        var table = Table(values, row => [.. Enumerable.Range(0, 2).Where(k => values[(row * Width) + k] + random.NextDouble() > 1.2)]);
        double[] weights = [1, 4];

        var fitted = new LogisticRegression(table, 2, weights).Fit(0.02, CancellationToken.None);

        var scale = Scale(values);
        double[] point = [.. fitted.Weights.Select(weight => (double)weight), .. fitted.Biases.Select(bias => (double)bias)];
        for (var i = 0; i < point.Length; i++)
        {
            var step = 1e-3;
            var (up, down) = ((double[])[.. point], (double[])[.. point]);
            (up[i], down[i]) = (up[i] + step, down[i] - step);
            var slope = (Naive(table, up, weights, 0.02, scale) - Naive(table, down, weights, 0.02, scale)) / (2 * step);
            Assert.Equal(0, slope, 2e-4);
        }
    }

    /// <summary>Without anything to go by, the answer is the share of the rows that have the class, however much they weigh.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(7.0)]
    public void Fit_WithoutUsefulFeatures_AnswersTheShareOfTheRows(double? weight)
    {
        var table = Table(new float[Rows * Width], row => row % 10 == 0 ? [0, 1] : row % 2 == 0 ? [1] : []);

        var fitted = new LogisticRegression(table, 2, weight is { } given ? [given, given] : null).Fit(0.1, CancellationToken.None);

        Assert.Equal(Math.Log(0.1 / 0.9), fitted.Biases[0], 1e-3);
        Assert.Equal(0, fitted.Biases[1], 1e-3);
    }

    private static FeatureTable Table(float[] values, Func<int, int[]> sets) =>
        new(values, Width, [.. Enumerable.Range(0, Rows)]) { Sets = [.. Enumerable.Range(0, Rows).Select(sets)] };

    /// <summary>The deviation of all features together: the penalty is of the weights of features scaled by it.</summary>
    private static double Scale(float[] values)
    {
        double[] means =
            [.. Enumerable.Range(0, Width).Select(j => values.Where((_, i) => i % Width == j).Average(value => (double)value))];
        return Math.Sqrt(values.Select((value, i) => Math.Pow(value - means[i % Width], 2)).Average());
    }

    private static double Naive(FeatureTable table, double[] point, double[] weights, double penalty, double scale)
    {
        var loss = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            for (var k = 0; k < 2; k++)
            {
                var score = point[(2 * Width) + k] + Math.Log(weights[k]);
                for (var j = 0; j < Width; j++)
                {
                    score += point[(k * Width) + j] * table.Row(row)[j];
                }

                var probability = 1 / (1 + Math.Exp(-score));
                loss -= (table.Sets![row].Contains(k) ? weights[k] * Math.Log(probability) : Math.Log(1 - probability)) / Rows;
            }
        }

        return loss + (penalty / 2 * point.Take(2 * Width).Sum(weight => Math.Pow(weight * scale, 2)));
    }
}
