namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>What a network knew at a moment of its training, and what the film's subject came to. What is not known is null.</summary>
/// <param name="Epoch">Epochs done; 0: before the first step.</param>
/// <param name="Loss">Of the training images.</param>
/// <param name="ValidationLoss">Of the validation images.</param>
/// <param name="ValidationAccuracy">Of the validation images, 0–1.</param>
/// <param name="Activation">The filter's mean activation (of a class: its logit, or its negative for the first of a single output) on the
/// image shown; of a feature map its mean.</param>
/// <param name="StartActivation">Of a pattern: the same for the noise it began with.</param>
/// <param name="NoiseActivation">Of a pattern: the largest over other noise.</param>
/// <param name="Status">Of a pattern: whether it means anything.</param>
/// <param name="Silent">Of a feature map: it is one value all over.</param>
public sealed record FilmFigures(
    int Epoch, double? Loss, double? ValidationLoss, double? ValidationAccuracy, double? Activation, double? StartActivation,
    double? NoiseActivation, PatternStatus? Status, bool? Silent)
{
    internal static FilmFigures Compute(FilmMoment moment, PatternTile tile) => Compute(moment) with
    {
        Status = tile.Status,
        Activation = Known(tile.Activation),
        StartActivation = Known(tile.StartActivation),
        NoiseActivation = Known(tile.NoiseActivation),
    };

    internal static FilmFigures Compute(FilmMoment moment, LayerActivations maps, int filter) =>
        Compute(moment) with { Activation = Known(maps.Mean(filter)), Silent = FeatureMapScaling.IsFlat(maps.Map(filter)) };

    private static FilmFigures Compute(FilmMoment moment) => new(
        moment.Epoch, Known(moment.Metrics?.Loss), Known(moment.Metrics?.ValidationLoss), Known(moment.Metrics?.ValidationAccuracy), null,
        null, null, null, null);

    private static double? Known(double? figure) => figure is { } value && double.IsFinite(value) ? value : null;
}
