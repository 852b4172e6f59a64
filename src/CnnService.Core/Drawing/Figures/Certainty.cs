using System.Globalization;

namespace CnnService.Core.Drawing.Figures;

/// <summary>Writes probabilities.</summary>
internal static class Certainty
{
    /// <summary>In percent, rounded down, so that nothing short of certain is called certain.</summary>
    public static string Write(double probability) =>
        $"{(Math.Floor(probability * 1000) / 10).ToString("0.0", CultureInfo.InvariantCulture)}%";
}
