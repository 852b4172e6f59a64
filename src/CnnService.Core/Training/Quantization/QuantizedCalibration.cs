using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Models.Quantization;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Training.Quantization;

/// <summary>
/// Fits the temperature, and the scale of the familiarity, to what the 8-bit network gives: on the half of the validation images that
/// chooses, judged on the other half. Whitening and centres stay those of the float32 features.
/// </summary>
/// <param name="onnx">Opens networks.</param>
/// <param name="quantize">Makes the 8-bit network with another temperature and measure of familiarity.</param>
internal sealed class QuantizedCalibration(
    IOnnxRunnerFactory onnx, Func<double, FamiliarityHead?, Outcome<QuantizedNetwork>> quantize)
{
    /// <summary>The fit; where there are too few images, or the version has no calibration, all stays as it is.</summary>
    public Outcome<FittedCalibration> Fit(
        QuantizationInput input, byte[] network, FamiliarityHead? familiarity, CancellationToken cancel)
    {
        if (input.Model.Manifest.Calibration is not { } before)
        {
            return new FittedCalibration(null, familiarity);
        }

        if ((long)input.Images.Count * input.Model.Network.Outputs > LabelledLogits.MaxValues)
        {
            return new FittedCalibration(before, familiarity);
        }

        var (choosing, judging) = ValidationHalves.Divide(input.Dataset.Images.Of(Split.Validation).Select(image => image.Sha256));
        return Read(network, null, input, cancel).Bind(logits =>
        {
            var fitted = TemperatureScaling.Calibrate(logits, choosing, judging) ?? before;
            return familiarity is null || choosing.Length < StrengthSelection.MinImages || judging.Length == 0
                ? new FittedCalibration(fitted with { Unknown = before.Unknown }, familiarity)
                : Rescale(input, familiarity, choosing, judging, cancel).Map(scaled => new FittedCalibration(
                    fitted with { Unknown = before.Unknown is { } rule ? rule with { KnownShare = scaled.KnownShare } : null },
                    scaled.Head));
        });
    }

    private Outcome<FittedFamiliarity> Rescale(
        QuantizationInput input, FamiliarityHead head, int[] choosing, int[] judging, CancellationToken cancel)
    {
        // A flat curve, from whose values the distances can be read back.
        var flat = head.Rescale(head.Middle, Math.Max(head.Middle, head.Width));
        return quantize(1, flat).Bind(network => Read(network.File, FamiliarityHead.Output, input, cancel)).Map(read =>
        {
            double[] distances = [.. read.Values.Select(value => flat.DistanceOf(Math.Clamp(value, 1e-7, 1 - 1e-7)))];
            var (middle, width) = FamiliarityFit.Scale(choosing.Select(row => distances[row]));
            return new FittedFamiliarity(
                head.Rescale(middle, width), (double)judging.Count(row => distances[row] <= middle) / judging.Length);
        });
    }

    private Outcome<LabelledLogits> Read(byte[] network, string? output, QuantizationInput input, CancellationToken cancel) =>
        onnx.Load(network, input.Model.Manifest.Preprocessing, output).Map(runner =>
        {
            using var _ = runner;
            return LabelledLogits.Read(runner, input.Images, _ => { }, cancel)
                .Relabel(input.Dataset.Classes, input.Model.Manifest.Classes);
        });
}

/// <param name="Calibration">Null where the version has none.</param>
/// <param name="Familiarity">The measure in its new scale; null where the version has none.</param>
internal sealed record FittedCalibration(VersionCalibration? Calibration, FamiliarityHead? Familiarity)
{
    public double Temperature => Calibration?.Temperature ?? 1;
}
