using System.Numerics;

namespace CnnService.Core.Common;

/// <summary>The ranges of numbers, told with what was received. NaN is in none of them.</summary>
public static class ValidationRules
{
    /// <summary>Both ends are allowed.</summary>
    public static bool Between<T>(this ValidationErrors errors, T value, T low, T high, string path)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Require(value >= low && value <= high, path, FormattableString.Invariant($"must be between {low} and {high}, received {value}"));
    }

    /// <summary>0 is allowed, 1 is not.</summary>
    public static bool BelowOne(this ValidationErrors errors, double value, string path)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Require(value is >= 0 and < 1, path, FormattableString.Invariant($"must be at least 0 and below 1, received {value}"));
    }

    /// <summary>0 is not allowed, the upper end is.</summary>
    public static bool AboveZero(this ValidationErrors errors, double value, double high, string path)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return errors.Require(value > 0 && value <= high, path, FormattableString.Invariant($"must be above 0 and at most {high}, received {value}"));
    }
}
