using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Models.Quantization;
using CnnService.Core.Training.Comparison;

namespace CnnService.Core.Training.Quantization;

/// <summary>
/// Quantizes a version, measures it beside the served one on the validation images, and says whether it may take its place. Thread safe.
/// </summary>
public sealed class VersionQuantization(IModelExporter exporter, IModelQuantizer quantizer, IOnnxRunnerFactory onnx, TimeProvider time)
{
    /// <summary>Most images that ranges are read from.</summary>
    public const int MaxCalibrationImages = 64;

    private const string Method =
        "static: activations uint8 by minimum and maximum, weights int8 per output channel, batch normalizations folded";

    /// <summary>
    /// Problem codes: <c>quantization.unsupported</c>, <c>model.corrupt</c>, <see cref="LoadedModel.WeightsMissing"/>.
    /// </summary>
    /// <param name="input">The version and its images.</param>
    /// <param name="progress">Receives the number of images judged.</param>
    /// <param name="cancel">Checked between batches.</param>
    public Outcome<QuantizedVersion> Run(QuantizationInput input, IProgress<int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        var model = input.Model;
        return model.ReadWeights().Bind(weights => model.ReadFamiliarity().Bind(familiarity =>
        {
            var folds = familiarity is null
                || BatchNormalizationFolding.Fold(model.Network, weights).Network.Find(familiarity.Layer) is not null;
            byte[] Export(double temperature, FamiliarityHead? head) => exporter.Export(
                model.Network, weights, model.Manifest.Classes, model.Manifest.Preprocessing, new()
                {
                    FoldBatchNormalization = folds,
                    Temperature = temperature,
                    Familiarity = head,
                });
            return quantizer.Calibrate(Export(1, familiarity), model.Manifest.Preprocessing, CalibrationImages(input), cancel)
                .Bind(ranges =>
                {
                    Outcome<QuantizedNetwork> Quantize(double temperature, FamiliarityHead? head) =>
                        quantizer.Quantize(Export(temperature, head), ranges);
                    return Quantize(1, familiarity).Bind(network => Judge(input, network, familiarity, Quantize, progress, cancel));
                });
        }));
    }

    /// <summary>Images spread evenly over the split, so that every class is among them.</summary>
    private static IEnumerable<PixelBatch> CalibrationImages(QuantizationInput input) =>
        EvenSpread.Of(input.Calibration.Count, MaxCalibrationImages).Select(place => input.Calibration.Gather([place]));

    private Outcome<QuantizedVersion> Judge(
        QuantizationInput input, QuantizedNetwork network, FamiliarityHead? familiarity,
        Func<double, FamiliarityHead?, Outcome<QuantizedNetwork>> quantize, IProgress<int> progress, CancellationToken cancel) =>
        Compare(input, network.File, progress, cancel).Bind(compared =>
            new QuantizedCalibration(onnx, quantize).Fit(input, network.File, familiarity, cancel).Bind(fitted =>
                quantize(fitted.Temperature, fitted.Familiarity).Map(final =>
                    new QuantizedVersion(Report(input, final, compared, fitted.Calibration), final.File))));

    private Outcome<ComparisonResult> Compare(QuantizationInput input, byte[] quantized, IProgress<int> progress, CancellationToken cancel)
    {
        var manifest = input.Model.Manifest;
        return onnx.Load(RegularFile.ReadAllBytes(input.Model.OnnxPath), manifest.Preprocessing).Bind(served =>
        {
            using var _ = served;
            return onnx.Load(quantized, manifest.Preprocessing).Map(candidate =>
            {
                using var __ = candidate;
                var ids = input.Dataset.Images.Of(Split.Validation).Select(image => image.Id);
                return new VersionComparison(time).Run(
                    new(served, manifest.Classes, input.Images), new(candidate, manifest.Classes, input.Images),
                    new(Split.Validation, input.Dataset.Classes, [.. ids]), progress, cancel);
            });
        });
    }

    private static QuantizationReport Report(
        QuantizationInput input, QuantizedNetwork network, ComparisonResult compared, VersionCalibration? calibration)
    {
        var (single, batch) = (Speed(compared.Speed[0]), Speed(compared.Speed[^1]));
        var accuracy = new PrecisionFigures(compared.A.Accuracy, compared.B.Accuracy);
        var (accepted, reason) = Decide(accuracy, single, batch, input.MaxAccuracyLoss);
        return new()
        {
            Source = input.Model.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Sha256,
            Method = Method,
            QuantizedLayers = network.Quantized,
            LeftInFloat = network.LeftInFloat,
            CalibrationImages = Math.Min(MaxCalibrationImages, input.Calibration.Count),
            CalibratedOn = input.CalibratedOn,
            Images = compared.A.Images,
            Accuracy = accuracy,
            Agreement = (double)compared.Agreement.Agreed / compared.A.Images,
            ImagesPerSecond = batch,
            SingleImagesPerSecond = single,
            MaxAccuracyLoss = input.MaxAccuracyLoss,
            Accepted = accepted,
            Reason = reason,
            Calibration = calibration,
        };
    }

    private static PrecisionFigures Speed(SpeedFigures figures) => new(1000 / figures.AMilliseconds, 1000 / figures.BMilliseconds);

    internal static (bool Accepted, string Reason) Decide(
        PrecisionFigures accuracy, PrecisionFigures single, PrecisionFigures batch, double maxAccuracyLoss)
    {
        var lost = Math.Max(0, accuracy.Float32 - accuracy.Int8);
        var speed = $"{batch.Int8:F0} images per second instead of {batch.Float32:F0} in batches, {single.Int8:F0} instead of "
            + $"{single.Float32:F0} one by one";
        var loss = $"an accuracy of {accuracy.Int8:F4} instead of {accuracy.Float32:F4}";
        return lost > maxAccuracyLoss
                ? (false, $"It loses too much: {loss}, where a loss of {maxAccuracyLoss:0.####} is allowed.")
            : single.Int8 <= single.Float32 || batch.Int8 <= batch.Float32
                ? (false, $"It is not faster on this machine: {speed}.")
                : (true, $"It is faster on this machine ({speed}), with {loss}.");
    }
}
