using CnnService.Core.Models;

namespace CnnService.Core.Classification;

/// <summary>
/// The labels of an image where each class has a probability of its own: the classes whose probability reaches their threshold.
/// </summary>
public static class LabelThresholds
{
    /// <summary>
    /// The threshold of each class: what was set for the version, else what its training chose, else one half. Null for a version that
    /// chooses between its classes.
    /// </summary>
    /// <param name="model">A version with classes.</param>
    /// <param name="set">What was set for it; null: nothing.</param>
    public static IReadOnlyList<double>? Of(LoadedModel model, ClassThresholds? set)
    {
        ArgumentNullException.ThrowIfNull(model);
        var chosen = model.Manifest.Thresholds;
        return !model.Network.IsMultiLabel ? null : [.. model.Manifest.Classes.Select((name, index) =>
            set is not null && set.Values.TryGetValue(name, out var own) ? own : chosen?[index] ?? ModelManifest.DefaultThreshold)];
    }

    /// <summary>The classes that reach their thresholds, the most probable first.</summary>
    /// <param name="probabilities">One a class, 0–1.</param>
    /// <param name="classes">Class names in the same order.</param>
    /// <param name="thresholds">One a class.</param>
    public static IReadOnlyList<ScoredClass> Select(
        IReadOnlyList<float> probabilities, IReadOnlyList<string> classes, IReadOnlyList<double> thresholds)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(thresholds);
        return [.. probabilities.Select((probability, index) => new ScoredClass(classes[index], probability))
            .Where((_, index) => probabilities[index] >= thresholds[index]).OrderByDescending(scored => scored.Probability)];
    }
}
