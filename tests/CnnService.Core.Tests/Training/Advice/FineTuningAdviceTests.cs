using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Advice;

namespace CnnService.Core.Tests.Training.Advice;

public sealed class FineTuningAdviceTests
{
    /// <summary>The fit saw the images as they are, and is no epoch of the training that followed.</summary>
    [Theory]
    [InlineData(true, "training.nothing-wrong")]
    [InlineData(false, "learning-rate.too-high")]
    public void Of_AFineTuning_JudgesItsEpochsAndNotTheFit(bool isTuned, string code)
    {
        double[] losses = [0.01, 0.09, 0.06, 0.05, 0.045];
        double[] validation = [0.05, 0.05, 0.045, 0.044, 0.0438];
        var advice = TrainingAdvisor.Advise(new()
        {
            Plan = new()
            {
                RunId = "run",
                DatasetFolder = "/none",
                Dataset = "pets",
                DatasetDigest = "0",
                Classes = ["cats", "dogs"],
                Architecture = "custom",
                Network = Some.Headed(Some.Image),
                Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
                StartFrom = new("m", 1, "", ""),
                FineTuning = isTuned ? new() : null,
                Epochs = losses.Length,
            },
            History = [.. losses.Select((loss, i) => new EpochMetrics(i + 1, loss, 0.98, validation[i], 0.98, 0.001, 1, 100))],
        });

        Assert.Equal(code, Assert.Single(advice).Code);
    }
}
