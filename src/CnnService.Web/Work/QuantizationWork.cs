using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Models.Quantization;
using CnnService.Core.Training.Quantization;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Quantizes a version. A new attempt starts from the beginning: partial results are of no use.</summary>
internal sealed class QuantizationWork(
    LeaseStore<QuantizationRow> leases,
    ModelRegistry registry,
    DatasetFiles datasets,
    VersionFiles files,
    VersionQuantization quantization,
    IPixelCache pixels,
    IClassifier classifier,
    DataFolders folders,
    TimeProvider clock) : IWorkKind<QuantizationRow>
{
    public static string Queue => WorkQueue.Background;

    public static string IdName => "QuantizationId";

    public int MaxTries => 3;

    public int MaxTriesWithoutProgress => int.MaxValue;

    public Problem CrashLoop(CrashedAttempts crashed) => new(
        ProblemKind.Internal, "quantization.crash-loop",
        $"The quantization ended unexpectedly {crashed.Total} times and is not tried again.{crashed.Told}");

    public async Task<AttemptResult> ExecuteAsync(Attempt<QuantizationRow> attempt)
    {
        var row = attempt.Row;
        var model = await registry.ResolveAsync(row.Model, row.Version);
        var dataset = await datasets.ReadAsync(row.Dataset, row.DatasetRevision, attempt.Lost);
        if ((model.Problem ?? dataset.Problem) is { } problem)
        {
            return new AttemptResult.Failed(problem);
        }

        var made = await attempt.ComputeAsync(cancel => Quantize(attempt, model.Value, dataset.Value, cancel));
        return AttemptResult.From(made.Problem, async (context, cancel) =>
        {
            QuantizedFiles.Write(model.Value, made.Value.Report, made.Value.File);
            classifier.Unload(model.Value.Folder); // Opened anew with the next request, where it is served as int8.
            await files.UploadAsync(context, row.Model, row.Version, cancel);
            await VersionWorkStore<QuantizationRow>.CompleteAsync(context, row.Id, cancel);
        });
    }

    public Task CleanUpAsync(string id, WorkState? ended, CancellationToken cancel) => Task.CompletedTask;

    private Outcome<QuantizedVersion> Quantize(
        Attempt<QuantizationRow> attempt, LoadedModel model, DatasetManifest dataset, CancellationToken cancel)
    {
        var progress = new ProgressReport<int>(
            attempt.Gate, done => leases.ProgressAsync(attempt.Claim, done, null, attempt.Lost), clock, cancel);
        var input = model.Network.Spec.Input;
        return pixels.Open(folders.Dataset(dataset.Name), dataset, Split.Validation, input.Height, input.Width, input.Channels, cancel)
            .Bind(images =>
            {
                using var _ = images;

                // Training images where they are decoded already: ranges need few images, and all of a split would have to be decoded.
                using var training = pixels.TryOpen(dataset, Split.Train, input.Height, input.Width, input.Channels);
                return quantization.Run(
                    new(model, dataset, attempt.Row.MaxAccuracyLoss)
                    {
                        Images = images,
                        Calibration = training ?? images,
                        CalibratedOn = training is null ? Split.Validation : Split.Train,
                    },
                    progress, cancel);
            });
    }
}
