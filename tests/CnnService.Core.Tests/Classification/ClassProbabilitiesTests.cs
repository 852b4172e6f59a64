using CnnService.Core.Classification;

namespace CnnService.Core.Tests.Classification;

public sealed class ClassProbabilitiesTests
{
    [Fact]
    public void Average_OfViews_HasTheirMeanAndTheFirstOnesFamiliarity()
    {
        var first = new ClassProbabilities([0.9f, 0.1f], TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), 3) { Familiarity = 0.2f };
        var second = new ClassProbabilities([0.5f, 0.5f], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), 8) { Familiarity = 0.8f };

        var mean = ClassProbabilities.Average([first, second]);

        Assert.Equal([0.7f, 0.3f], mean.Values);
        Assert.Equal(
            (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), 8, 0.2f),
            (mean.QueueTime, mean.InferenceTime, mean.BatchSize, mean.Familiarity));
    }
}
