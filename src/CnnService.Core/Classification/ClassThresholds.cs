namespace CnnService.Core.Classification;

/// <summary>The probability that a class needs; an image of less is not known, however familiar it looks.</summary>
/// <param name="Values">Probability, 0–1, by class; classes that are not named need none.</param>
public sealed record ClassThresholds(IReadOnlyDictionary<string, double> Values)
{
    /// <summary>Whether an answer is known by both rules: what the version itself says, and what its class needs.</summary>
    /// <param name="isFamiliar">What the version says; null where it cannot tell.</param>
    /// <param name="label">The most probable class.</param>
    /// <param name="probability">Its probability, 0–1.</param>
    public bool IsKnown(bool? isFamiliar, string label, double probability) =>
        isFamiliar != false && probability >= Values.GetValueOrDefault(label);
}
