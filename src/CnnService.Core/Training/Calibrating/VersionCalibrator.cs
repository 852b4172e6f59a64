using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparison;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Training.Calibrating;

/// <summary>
/// Calibrates a version on a data set, as a training does at its end: the temperature on one half of the validation images, the errors on
/// the other, and a measure of familiarity on the training images where the network has features for it. Thread safe.
/// </summary>
public sealed class VersionCalibrator(IModelExporter exporter, IOnnxRunnerFactory onnx)
{
    /// <summary>Whether training images are needed: the network has features that familiarity can be measured by.</summary>
    public static bool NeedsTraining(LoadedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return VersionFamiliarity.Fits(model.Network);
    }

    /// <summary>Number of images that <see cref="Run"/> will tell of.</summary>
    public static int CountSteps(LoadedModel model, DatasetManifest dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var validation = dataset.Images.CountOf(Split.Validation);
        return NeedsTraining(model)
            ? validation + VersionFamiliarity.Count(model.Network, validation)
                + VersionFamiliarity.Count(model.Network, dataset.Images.CountOf(Split.Train))
            : validation;
    }

    /// <summary>
    /// Why a version cannot be calibrated on a data set; null if it can. Problem codes: <c>model.no-classes</c>, <c>model.no-layers</c>,
    /// <c>calibration.unsupported</c>, <c>dataset.multi-label</c>, <c>calibration.classes</c>, <c>calibration.too-few-images</c>.
    /// </summary>
    public static Problem? Check(LoadedModel model, DatasetManifest dataset)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        return (model.RequireClasses().Problem ?? model.RequireLayers().Problem) is { } unfit ? unfit
            : model.Network.IsMultiLabel ? Problem.Unprocessable("calibration.unsupported",
                $"The {model.DisplayName} gives several classes an image, whose probabilities have no common temperature.")
            : dataset.RequireSingleLabel("Calibration") is { } several ? several
            : VersionComparison.UnknownClasses(dataset.Classes, model.Manifest.Classes) is { Count: > 0 } unknown
                ? Problem.Unprocessable("calibration.classes",
                    $"The {model.DisplayName} does not know {string.Join(", ", unknown.Take(5))} of data set '{dataset.Name}'.")
            : CheckImages(dataset);
    }

    /// <summary>
    /// The version with its calibration. Problem codes: <c>model.corrupt</c>, <see cref="LoadedModel.WeightsMissing"/>. Blocks.
    /// </summary>
    /// <param name="input">The version and its images.</param>
    /// <param name="progress">Told of the number of images done, of <see cref="CountSteps"/>.</param>
    /// <param name="cancel">Checked between batches.</param>
    public Outcome<CalibratedVersion> Run(CalibrationInput input, IProgress<int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(progress);
        return input.Model.ReadWeights().Bind(weights => FitTemperature(input, weights, progress, cancel).Bind(calibration =>
            FitFamiliarity(input, weights, progress, cancel).Map(familiarity => new CalibratedVersion(
                input.Model.Manifest with
                {
                    Calibration = calibration with { Unknown = familiarity?.Rule },
                },
                Export(input.Model, weights, calibration.Temperature, familiarity?.Head), weights, familiarity?.Head))));
    }

    private static Problem? CheckImages(DatasetManifest dataset)
    {
        var (choosing, judging) = ValidationHalves.Divide(dataset.Images.Of(Split.Validation).Select(image => image.Sha256));
        return choosing.Length >= TemperatureScaling.MinImages && judging.Length >= TemperatureScaling.MinImages
            ? null
            : Problem.Unprocessable("calibration.too-few-images",
                $"Calibration needs {TemperatureScaling.MinImages} validation images to fit on and as many others to judge by; data set "
                + $"'{dataset.Name}' has {choosing.Length} and {judging.Length}.");
    }

    private Outcome<VersionCalibration> FitTemperature(
        CalibrationInput input, NamedWeights weights, IProgress<int> progress, CancellationToken cancel) =>
        onnx.Load(Export(input.Model, weights, 1, null), input.Model.Manifest.Preprocessing).Map(runner =>
        {
            using var _ = runner;
            var read = LabelledLogits.Read(runner, input.Validation, progress.Report, cancel)
                .Relabel(input.Dataset.Classes, input.Model.Manifest.Classes);
            var (choosing, judging) = ValidationHalves.Divide(Hashes(input.Dataset));
            return TemperatureScaling.Calibrate(read, choosing, judging)
                ?? throw new InvalidOperationException("A data set that passed the check has too few images.");
        });

    /// <summary>The measure is of the data set's classes alone: those that it lacks have no centre.</summary>
    private Outcome<FittedFamiliarity?> FitFamiliarity(
        CalibrationInput input, NamedWeights weights, IProgress<int> progress, CancellationToken cancel) =>
        input.Training is not { Count: > 0 } training
            ? Outcome.Success<FittedFamiliarity?>(null)
            : new VersionFamiliarity(exporter, onnx).Fit(
                new(input.Model.Network, weights, input.Model.Manifest.Preprocessing)
                {
                    Classes = input.Dataset.Classes.Count,
                    Training = training,
                    Validation = input.Validation,
                    ValidationHashes = [.. Hashes(input.Dataset)],
                    Done = done => progress.Report(input.Validation.Count + done),
                },
                cancel);

    private byte[] Export(LoadedModel model, NamedWeights weights, double temperature, FamiliarityHead? familiarity)
    {
        var variant = new ExportVariant { Temperature = temperature, Familiarity = familiarity };
        return exporter.Export(
            model.Network, weights, model.Manifest.Classes, model.Manifest.Preprocessing,
            model.Manifest.Source is { } source ? variant with { NodeNames = source.LayerNames } : variant);
    }

    private static IEnumerable<string> Hashes(DatasetManifest dataset) =>
        dataset.Images.Of(Split.Validation).Select(image => image.Sha256);
}
