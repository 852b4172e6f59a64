namespace CnnService.Core.Models;

/// <summary>Distribution of a version's predictions over classes and confidences; the baseline for drift detection.</summary>
/// <param name="Split">The split they were made on: <c>validation</c>, <c>test</c> or <c>train</c>.</param>
/// <param name="Tenths">Counts <c>[predicted class][tenth of its probability]</c>, classes in the order of the outputs, ten
/// bins each.</param>
public sealed record PredictionProfile(string Split, IReadOnlyList<IReadOnlyList<long>> Tenths)
{
    public const int Bins = 10;

    /// <summary>The bin of a probability; 1 falls into the last.</summary>
    public static int Bin(double probability) => Math.Clamp((int)(probability * Bins), 0, Bins - 1);
}
