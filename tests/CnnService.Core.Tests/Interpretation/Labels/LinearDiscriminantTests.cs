using CnnService.Core.Common;
using CnnService.Core.Datasets.Health;
using CnnService.Core.Interpretation.Labels;

namespace CnnService.Core.Tests.Interpretation.Labels;

/// <summary>Against the closed formula for two normal distributions.</summary>
public class LinearDiscriminantTests
{
    private const int Images = 4000;

    /// <summary>
    /// Unit variance in ten directions, means two apart: the best rule there can be is right in Φ(1) = .8413 of all cases.
    /// </summary>
    [Fact]
    public void CrossValidate_OfTwoNormalClasses_IsAsGoodAsTheBestRule()
    {
        var (features, labels) = TwoClasses();

        var scores = Judge(features, labels);

        var margins = scores.Select((row, i) => row![labels[i]] - row[1 - labels[i]]).ToArray();
        Assert.Equal(0.8413, margins.Count(margin => margin > 0) / (double)Images, 0.02);
    }

    [Fact]
    public void CrossValidate_WithLabelsTurnedRound_RanksThemFirst()
    {
        var (features, labels) = TwoClasses(distance: 6);
        int[] turned = [.. Enumerable.Range(0, Images / 20).Select(i => i * 20)];
        foreach (var image in turned)
        {
            labels[image] = 1 - labels[image];
        }

        var scores = Judge(features, labels).Select(row => ScoreTemperature.Softmax(row!, 1)).ToArray();
        var first = ConfidentLearning.Rank(scores, labels).Take(turned.Length).Select(one => one.Index).ToHashSet();

        Assert.True(turned.Count(first.Contains) > 0.95 * turned.Length);
    }

    [Fact]
    public void CrossValidate_OfAClassThatIsInOneFoldOnly_LeavesItsImagesOut()
    {
        var (features, labels) = TwoClasses();
        (labels[7], var folds) = (2, Folds());

        var scores = LinearDiscriminant.CrossValidate(features, labels, folds, 3, CancellationToken.None);

        Assert.Null(Assert.Single(scores, row => row is null));
        Assert.Null(scores[7]);
    }

    /// <summary>The loss of logits that are five times too large is least at five.</summary>
    [Fact]
    public void Fit_OfScoresThatAreTooLarge_FindsByHowMuch()
    {
        var random = new CounterRandom(2);
        var (scores, labels) = (new List<double[]>(), new List<int>());
        for (var i = 0; i < 20_000; i++)
        {
            var logit = random.NextDouble(-4, 4);
            scores.Add([0, 5 * logit]);
            labels.Add(random.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? 1 : 0);
        }

        Assert.Equal(5, ScoreTemperature.Fit(scores, labels), 0.25);
    }

    private static double[]?[] Judge(double[][] features, int[] labels) =>
        LinearDiscriminant.CrossValidate(features, labels, Folds(), 2, CancellationToken.None);

    private static uint[] Folds() => [.. Enumerable.Range(0, Images).Select(i => (uint)(i * 7919))];

    private static (double[][] Features, int[] Labels) TwoClasses(double distance = 2)
    {
        var random = new CounterRandom(1);
        var (features, labels) = (new double[Images][], new int[Images]);
        for (var i = 0; i < Images; i++)
        {
            labels[i] = random.NextInt32(2);
            features[i] = new double[10];
            for (var j = 0; j < 10; j++)
            {
                features[i][j] = random.NextGaussian() + (j == 0 ? distance * (labels[i] - 0.5) : 0);
            }
        }

        return (features, labels);
    }
}
