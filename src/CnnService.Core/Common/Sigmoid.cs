namespace CnnService.Core.Common;

/// <summary>The logistic function and its integral.</summary>
internal static class Sigmoid
{
    /// <summary><c>1 / (1 + exp(-x))</c>: the probability, 0–1, of a logit.</summary>
    public static double Of(double logit) => 1 / (1 + Math.Exp(-logit));

    /// <summary><c>ln(1 + exp(x))</c> without overflow: the binary cross-entropy of the negated logit of what is true.</summary>
    public static double SoftPlus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
