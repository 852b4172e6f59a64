namespace CnnService.Core.Classification;

/// <summary>What one sigmoid output says of both of its classes.</summary>
public static class SigmoidProbabilities
{
    /// <summary>Class 0, then class 1.</summary>
    /// <param name="probability">Of class 1.</param>
    public static float[] OfProbability(float probability) => [1 - probability, probability];

    /// <summary>Class 0, then class 1: a sigmoid of z is the softmax of (0, z).</summary>
    /// <param name="logit">Of class 1.</param>
    public static float[] ScoresOfLogit(float logit) => [0, logit];

    /// <summary>Class 0, then class 1: the sigmoid of the one is what is missing to that of the other.</summary>
    /// <param name="logit">Of class 1.</param>
    public static float[] OfLogit(float logit) => [-logit, logit];
}
