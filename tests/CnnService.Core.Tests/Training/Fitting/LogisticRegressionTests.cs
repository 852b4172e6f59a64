using CnnService.Core.Common;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Solutions judged by the condition that the optimum fulfils, computed in plain loops.</summary>
public sealed class LogisticRegressionTests
{
    private const int Width = 5;

    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(3, 0.1)]
    [InlineData(4, 0.001)]
    public void Fit_AtTheOptimum_HasNoSlope(int classes, double penalty)
    {
        var table = Table(classes, 90);

        var fitted = new LogisticRegression(table, classes, null).Fit(penalty, CancellationToken.None);

        Assert.InRange(LargestSlope(table, fitted, classes, penalty, [.. Enumerable.Repeat(1.0 / 90, 90)]), 0, 2e-5);
    }

    [Fact]
    public void Fit_WithClassWeights_WeighsTheImagesOfTheClass()
    {
        var table = Table(2, 60);
        double[] weights = [.. table.Labels.Select(label => label == 1 ? 3.0 : 1.0)];

        var fitted = new LogisticRegression(table, 2, [1, 3]).Fit(0.05, CancellationToken.None);

        Assert.InRange(LargestSlope(table, fitted, 2, 0.05, [.. weights.Select(weight => weight / weights.Sum())]), 0, 2e-5);
    }

    [Fact]
    public void Fit_AfterAStrongerPenalty_GivesWhatItGivesAlone()
    {
        var table = Table(3, 60);
        var regression = new LogisticRegression(table, 3, null);
        regression.Fit(1, CancellationToken.None);

        var later = regression.Fit(0.01, CancellationToken.None);
        var alone = new LogisticRegression(table, 3, null).Fit(0.01, CancellationToken.None);

        Assert.InRange(later.Weights.Zip(alone.Weights, (one, other) => Math.Abs(one - other)).Max(), 0, 1e-3);
    }

    [Fact]
    public void Fit_OfAFeatureThatDoesNotVary_LeavesItOut()
    {
        var table = Table(2, 40);
        for (var row = 0; row < table.Count; row++)
        {
            table.Values[(row * Width) + 2] = 7;
        }

        var fitted = new LogisticRegression(table, 2, null).Fit(0.01, CancellationToken.None);

        Assert.InRange(Math.Abs(fitted.Weights[2]) + Math.Abs(fitted.Weights[Width + 2]), 0, 1e-6);
        Assert.All(fitted.Weights, weight => Assert.True(float.IsFinite(weight)));
    }

    [Fact]
    public void Choose_OnImagesOfItsOwn_TakesThePenaltyWithTheLowestLossThere()
    {
        var (training, judges) = (Table(2, 40), Table(2, 60, seed: 9));
        var task = new FittingTask(training, 1, 2, null);

        var chosen = StrengthSelection.Choose(task, judges, CancellationToken.None);

        var losses = StrengthSelection.Penalties.ToDictionary(penalty => penalty,
            penalty => new LogisticRegression(training, 2, null).Fit(penalty, CancellationToken.None).Judge(judges).Loss);
        Assert.Equal(losses.Values.Min(), chosen.Classifier.Judge(judges).Loss, 1e-4);
    }

    [Fact]
    public void Choose_WithoutImagesToChooseOn_KeepsWeightsOfNoiseSmall()
    {
        var random = new CounterRandom(3);
        var values = new float[30 * Width];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        var noise = new FeatureTable(values, Width, [.. Enumerable.Range(0, 30).Select(row => row % 2)]);

        var chosen = StrengthSelection.Choose(new(noise, 1, 2, null), noise.Select([]), CancellationToken.None);

        Assert.InRange(chosen.Penalty, 0.1, 3);
    }

    private static double LargestSlope(FeatureTable table, LinearClassifier fitted, int classes, double penalty, double[] weights)
    {
        double[] mean = [.. Enumerable.Range(0, Width).Select(
            feature => Enumerable.Range(0, table.Count).Average(row => (double)table.Row(row)[feature]))];
        var deviation = Math.Sqrt(table.Values.Select((value, i) => Math.Pow(value - mean[i % Width], 2)).Average());

        var slopes = new double[classes * (Width + 1)];
        var logits = fitted.Logits(table);
        for (var row = 0; row < table.Count; row++)
        {
            var scores = Enumerable.Range(0, classes).Select(k => Math.Exp(logits[(row * classes) + k])).ToArray();
            for (var k = 0; k < classes; k++)
            {
                var slope = weights[row] * ((scores[k] / scores.Sum()) - (k == table.Labels[row] ? 1 : 0));
                slopes[(classes * Width) + k] += slope;
                for (var feature = 0; feature < Width; feature++)
                {
                    slopes[(k * Width) + feature] += slope * (table.Row(row)[feature] - mean[feature]) / deviation;
                }
            }
        }

        for (var i = 0; i < classes * Width; i++)
        {
            slopes[i] += penalty * fitted.Weights[i] * deviation;
        }

        return slopes.Max(Math.Abs);
    }

    /// <summary>Clouds that overlap, features of different scales.</summary>
    private static FeatureTable Table(int classes, int rows, ulong seed = 1)
    {
        var random = new CounterRandom(seed, (ulong)classes);
        var values = new float[rows * Width];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, feature) = (i / Width, i % Width);
            var centre = row % classes == feature % classes ? 1.2 : 0;
            values[i] = (float)((1 + feature) * (centre + random.NextGaussian()) + (10 * feature));
        }

        return new(values, Width, [.. Enumerable.Range(0, rows).Select(row => row % classes)]);
    }
}
