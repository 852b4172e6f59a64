namespace CnnService.Core.Models;

/// <summary>How a version's predictions are spread over classes and confidences: what served predictions are held against.</summary>
/// <param name="Split">The part of the data set they were made on: <c>validation</c>, <c>test</c> or <c>train</c>.</param>
/// <param name="Tenths">Predictions by <c>[predicted class][tenth of its probability]</c>, classes in the order of the outputs, ten tenths each.</param>
public sealed record PredictionProfile(string Split, IReadOnlyList<IReadOnlyList<long>> Tenths)
{
    public const int Bins = 10;

    /// <summary>The tenth that a probability lies in; 1 is in the last.</summary>
    public static int Bin(double probability) => Math.Clamp((int)(probability * Bins), 0, Bins - 1);
}
