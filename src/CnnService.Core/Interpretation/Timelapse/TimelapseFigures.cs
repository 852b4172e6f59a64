using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>Metrics of a snapshot, and measurements of its frame. Unknown values are null.</summary>
/// <param name="Epoch">Epochs completed; 0 before the first step.</param>
/// <param name="Loss">Loss on the training images.</param>
/// <param name="ValidationLoss">Loss on the validation images.</param>
/// <param name="ValidationAccuracy">Accuracy on the validation images, 0–1.</param>
/// <param name="Activation">
/// For a pattern, the filter's mean activation on the image shown; for a class image the logit, negated for the first class of a single
/// output; for a feature map its mean.
/// </param>
/// <param name="StartActivation">For a pattern: the same for the start of the ascent.</param>
/// <param name="NoiseActivation">For a pattern: the largest activation over noise images.</param>
/// <param name="Status">For a pattern: whether it is significant.</param>
/// <param name="Silent">For a feature map: whether it is constant.</param>
public sealed record TimelapseFigures(
    int Epoch, double? Loss, double? ValidationLoss, double? ValidationAccuracy, double? Activation, double? StartActivation,
    double? NoiseActivation, PatternStatus? Status, bool? Silent)
{
    internal static TimelapseFigures Compute(TimelapseSnapshot snapshot, PatternFigures pattern) => Compute(snapshot) with
    {
        Status = pattern.Status,
        Activation = Finite.OrNull(pattern.Activation),
        StartActivation = Finite.OrNull(pattern.StartActivation),
        NoiseActivation = Finite.OrNull(pattern.NoiseActivation),
    };

    internal static TimelapseFigures Compute(TimelapseSnapshot snapshot, LayerActivations maps, int filter) =>
        Compute(snapshot) with { Activation = Finite.OrNull(maps.Mean(filter)), Silent = FeatureMapScaling.IsFlat(maps.Map(filter)) };

    private static TimelapseFigures Compute(TimelapseSnapshot snapshot) => new(
        snapshot.Epoch, Finite.OrNull(snapshot.Metrics?.Loss), Finite.OrNull(snapshot.Metrics?.ValidationLoss),
        Finite.OrNull(snapshot.Metrics?.ValidationAccuracy), null,
        null, null, null, null);

}
