using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Calibrating;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Calibrates a version. A new attempt starts from the beginning.</summary>
internal sealed class CalibrationWork(
    LeaseStore<CalibrationRow> leases,
    ModelRegistry registry,
    DatasetFiles datasets,
    VersionFiles files,
    VersionCalibrator calibrator,
    IPixelCache pixels,
    IClassifier classifier,
    DataFolders folders,
    TimeProvider clock) : IWorkKind<CalibrationRow>
{
    public static string Queue => WorkQueue.Background;

    public static string IdName => "CalibrationId";

    public int MaxTries => 3;

    public int MaxTriesWithoutProgress => int.MaxValue;

    public Problem CrashLoop(CrashedAttempts crashed) => new(
        ProblemKind.Internal, "calibration.crash-loop",
        $"The calibration ended unexpectedly {crashed.Total} times and is not tried again.{crashed.Told}");

    public async Task<AttemptResult> ExecuteAsync(Attempt<CalibrationRow> attempt)
    {
        var row = attempt.Row;
        var model = await registry.ResolveAsync(row.Model, row.Version);
        var dataset = await datasets.ReadAsync(row.Dataset, row.DatasetRevision, attempt.Lost);
        if ((model.Problem ?? dataset.Problem ?? VersionCalibrator.Check(model.Value, dataset.Value)) is { } problem)
        {
            return new AttemptResult.Failed(problem);
        }

        var made = await attempt.ComputeAsync(cancel => Calibrate(attempt, model.Value, dataset.Value, cancel));
        return AttemptResult.From(made.Problem, async (context, cancel) =>
        {
            CalibratedFiles.Write(model.Value, made.Value, new DatasetReference(row.Dataset, row.DatasetRevision).ToString());
            classifier.Unload(folders.ModelVersion(row.Model, row.Version)); // The next request opens the calibrated file.
            await files.UploadAsync(context, row.Model, row.Version, cancel);
            await VersionWorkStore<CalibrationRow>.CompleteAsync(context, row.Id, cancel);
        });
    }

    public Task CleanUpAsync(string id, WorkState? ended, CancellationToken cancel) => Task.CompletedTask;

    private Outcome<CalibratedVersion> Calibrate(
        Attempt<CalibrationRow> attempt, LoadedModel model, DatasetManifest dataset, CancellationToken cancel)
    {
        var progress = new ProgressReport<int>(
            attempt.Gate, done => leases.ProgressAsync(attempt.Claim, done, null, attempt.Lost), clock, cancel);
        return Open(model, dataset, Split.Validation, cancel).Bind(validation =>
        {
            using var _ = validation;
            if (!VersionCalibrator.NeedsTraining(model) || dataset.Images.CountOf(Split.Train) == 0)
            {
                return calibrator.Run(new(model, dataset) { Validation = validation, Training = null }, progress, cancel);
            }

            return Open(model, dataset, Split.Train, cancel).Bind(training =>
            {
                using var __ = training;
                return calibrator.Run(new(model, dataset) { Validation = validation, Training = training }, progress, cancel);
            });
        });
    }

    private Outcome<IPixelSource> Open(LoadedModel model, DatasetManifest dataset, Split split, CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        return pixels.Open(folders.Dataset(dataset.Name), dataset, split, input.Height, input.Width, input.Channels, cancel);
    }
}
