using System.Numerics;

namespace CnnService.Core.Common;

/// <summary>Range checks for numbers. NaN is outside every range.</summary>
public static class ValidationRules
{
    /// <summary>Requires <c>low ≤ value ≤ high</c>.</summary>
    public static bool Between<T>(this ValidationErrors errors, T value, T low, T high, string path)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Require(value >= low && value <= high, path, $"must be between {low} and {high}, received {value}");
    }

    /// <summary>Requires <c>0 ≤ value &lt; 1</c>.</summary>
    public static bool BelowOne(this ValidationErrors errors, double value, string path)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Require(value is >= 0 and < 1, path, $"must be at least 0 and below 1, received {value}");
    }

    /// <summary>Requires <c>0 &lt; value ≤ high</c>.</summary>
    public static bool AboveZero(this ValidationErrors errors, double value, double high, string path)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Require(value > 0 && value <= high, path, $"must be above 0 and at most {high}, received {value}");
    }
}
