namespace CnnService.Core.Common;

/// <summary>Figures that may not exist, where they leave a computation that tells so by NaN.</summary>
public static class Finite
{
    /// <summary>The number; null where it is NaN or infinite, or null already.</summary>
    public static double? OrNull(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
