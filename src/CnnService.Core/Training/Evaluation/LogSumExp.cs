namespace CnnService.Core.Training.Evaluation;

/// <summary>The logarithm of a sum of exponentials, which does not overflow.</summary>
internal static class LogSumExp
{
    /// <param name="scores">At least one.</param>
    public static double Of(double[] scores)
    {
        var largest = scores.Max();
        return largest + Math.Log(scores.Sum(score => Math.Exp(score - largest)));
    }
}
