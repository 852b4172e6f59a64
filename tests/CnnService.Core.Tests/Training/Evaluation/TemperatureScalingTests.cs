using CnnService.Core.Common;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Tests.Training.Evaluation;

/// <summary>Logits of which it is known how sure they ought to be: labels are drawn from them.</summary>
public sealed class TemperatureScalingTests
{
    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(2, 3.0)]
    [InlineData(10, 0.5)]
    [InlineData(200, 2.0)]
    public void Fit_OfLogitsThatAreTooSure_FindsHowMuch(int classes, double temperature)
    {
        var images = Draw(classes, temperature, 4000);

        var found = TemperatureScaling.Fit(images, [.. Enumerable.Range(0, 4000)]);

        Assert.InRange(found / temperature, 0.9, 1.1);
    }

    [Fact]
    public void Calibrate_MeasuresTheErrorOnTheOtherHalf_AndMakesItSmall()
    {
        var images = Draw(5, 3, 4000);

        var calibration = TemperatureScaling.Calibrate(
            images, [.. Enumerable.Range(0, 2000)], [.. Enumerable.Range(2000, 2000)])!;

        Assert.Equal((2000, 2000), (calibration.FittedOn, calibration.JudgedOn));
        Assert.InRange(calibration.EceBefore, 0.1, 0.5);
        Assert.InRange(calibration.EceAfter, 0, 0.03);
        Assert.Equal(2000, calibration.After.Sum(bin => bin.Images));
        var naive = calibration.After.Sum(bin => bin.Images / 2000.0 * Math.Abs(bin.Accuracy - bin.Confidence));
        Assert.Equal(naive, calibration.EceAfter, 1e-12);
    }

    /// <summary>What is as good but too sure of itself has the same loss, as served.</summary>
    [Fact]
    public void LeastLoss_OfLogitsThatAreTooSure_IsThatOfTheOthers()
    {
        var images = Draw(5, 1, 1000);
        var sure = images with { Values = [.. images.Values.Select(value => 4 * value)] };

        Assert.Equal(TemperatureScaling.LeastLoss(images), TemperatureScaling.LeastLoss(sure), 1e-6);
        Assert.True(TemperatureScaling.LeastLoss(sure) < sure.Judge().Loss - 0.1);
    }

    [Fact]
    public void Fit_OfASingleLogit_IsThatOfTheTwoClassesItStandsFor()
    {
        var pairs = Draw(2, 2, 500);
        var single = new LabelledLogits([.. pairs.Values.Chunk(2).Select(pair => pair[1] - pair[0])], pairs.Labels);
        int[] rows = [.. Enumerable.Range(0, 500)];

        Assert.Equal(TemperatureScaling.Fit(pairs, rows), TemperatureScaling.Fit(single, rows), 1e-6);
    }

    [Fact]
    public void Fit_WithoutAMistakeOnFewImages_DoesNotBecomeCertain()
    {
        var images = new LabelledLogits(
            [.. Enumerable.Range(0, 40).SelectMany(i => new float[] { i % 2 == 0 ? 3 : 0, i % 2 == 0 ? 0 : 3 })],
            [.. Enumerable.Range(0, 40).Select(i => i % 2)]);

        var found = TemperatureScaling.Fit(images, [.. Enumerable.Range(0, 40)]);

        // Softened labels say 1 in 42, halved between the classes: e^(3/T) = 83.
        Assert.Equal(3 / Math.Log(83), found, 1e-3);
    }

    [Fact]
    public void Calibrate_OfTooFewImages_SaysNothing() => Assert.Null(
        TemperatureScaling.Calibrate(Draw(2, 1, 60), [.. Enumerable.Range(0, 19)], [.. Enumerable.Range(20, 40)]));

    /// <summary>Labels drawn by the softmax of the logits divided by a temperature.</summary>
    private static LabelledLogits Draw(int classes, double temperature, int images)
    {
        var random = new CounterRandom((ulong)classes, (ulong)images);
        var (values, labels) = (new float[images * classes], new int[images]);
        for (var image = 0; image < images; image++)
        {
            var scores = Enumerable.Range(0, classes).Select(_ => 2 * temperature * random.NextGaussian()).ToArray();
            scores.Select(score => (float)score).ToArray().CopyTo(values, image * classes);
            var weights = scores.Select(score => Math.Exp(score / temperature)).ToArray();
            var left = random.NextDouble() * weights.Sum();
            while (left > weights[labels[image]])
            {
                left -= weights[labels[image]++];
            }
        }

        return new(values, labels);
    }
}
