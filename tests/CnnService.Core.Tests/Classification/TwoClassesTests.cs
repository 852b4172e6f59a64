using CnnService.Core.Classification;

namespace CnnService.Core.Tests.Classification;

public sealed class TwoClassesTests
{
    [Fact]
    public void FromProbability_IsBothAndTheirSumOne() => Assert.Equal([0.25f, 0.75f], SigmoidProbabilities.FromProbability(0.75f));

    [Theory]
    [InlineData(0f)]
    [InlineData(1.5f)]
    [InlineData(-3f)]
    public void OfLogit_HasTheSigmoidsOfTheProbabilities(float logit)
    {
        static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

        var logits = SigmoidProbabilities.LogitsFromLogit(logit);
        Assert.Equal(SigmoidProbabilities.FromProbability((float)Sigmoid(logit)).Select(value => (double)value),
            logits.Select(value => Sigmoid(value)), (one, other) => Math.Abs(one - other) < 1e-6);
    }
}
