using System.Numerics;

namespace CnnService.Core.Common;

/// <summary>Index of the maximum, such as the predicted class of a score vector.</summary>
public static class ArgMax
{
    /// <summary>Index of the largest value, the first of equal ones; NaN counts as less than any other value.</summary>
    /// <param name="values">At least one.</param>
    public static int Find<T>(ReadOnlySpan<T> values)
        where T : IFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] || (T.IsNaN(values[best]) && !T.IsNaN(values[i])) ? i : best;
        }

        return best;
    }

    /// <summary>The predicted class of a logit vector; a single logit is that of class 1 against class 0.</summary>
    /// <param name="logits">One (two classes), or one per class.</param>
    public static int OfLogits<T>(ReadOnlySpan<T> logits)
        where T : IFloatingPointIeee754<T> => logits.Length == 1 ? logits[0] > T.Zero ? 1 : 0 : Find(logits);
}
