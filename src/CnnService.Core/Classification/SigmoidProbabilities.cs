namespace CnnService.Core.Classification;

/// <summary>Expands the single sigmoid output of a binary network to both classes.</summary>
public static class SigmoidProbabilities
{
    /// <summary>Probabilities of class 0 and class 1.</summary>
    /// <param name="probability">Probability of class 1, 0–1.</param>
    public static float[] OfProbability(float probability) => [1 - probability, probability];

    /// <summary>Scores of class 0 and class 1 whose softmax equals the sigmoid of the logit: (0, z).</summary>
    /// <param name="logit">Logit of class 1.</param>
    public static float[] ScoresOfLogit(float logit) => [0, logit];

    /// <summary>Logits of class 0 and class 1, whose sigmoids are the probabilities: (-z, z).</summary>
    /// <param name="logit">Logit of class 1.</param>
    public static float[] OfLogit(float logit) => [-logit, logit];
}
