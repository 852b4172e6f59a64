using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Comparison;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Carries out a comparison. A new attempt starts from the beginning: partial results are of no use.</summary>
internal sealed class ComparisonWork(
    LeaseStore<ComparisonRow> leases,
    ModelRegistry registry,
    DatasetFiles datasets,
    IPixelCache pixels,
    IOnnxRunnerFactory runners,
    DataFolders folders,
    TimeProvider clock) : IWorkKind<ComparisonRow>
{
    public static string Queue => WorkQueue.Background;

    public static string IdName => "ComparisonId";

    public int MaxTries => 3;

    public int MaxTriesWithoutProgress => int.MaxValue;

    public Problem CrashLoop(CrashedAttempts crashed) => new(
        ProblemKind.Internal, "compare.crash-loop",
        $"The comparison ended unexpectedly {crashed.Total} times and is not tried again.{crashed.Told}");

    public async Task<AttemptResult> ExecuteAsync(Attempt<ComparisonRow> attempt)
    {
        var row = attempt.Row;
        var a = await registry.ResolveAsync(row.ModelA, row.VersionA);
        var b = await registry.ResolveAsync(row.ModelB, row.VersionB);
        var dataset = await datasets.ReadAsync(row.Dataset, row.DatasetRevision, attempt.Lost);
        if ((a.Problem ?? b.Problem ?? dataset.Problem) is { } problem)
        {
            return new AttemptResult.Failed(problem);
        }

        var compared = await attempt.ComputeAsync(cancel => Compare(attempt, a.Value, b.Value, dataset.Value, cancel));
        return AttemptResult.From(compared.Problem, async (context, cancel) =>
        {
            var folder = folders.Comparison(row.Id);
            compared.Value.Write(folder); // Atomic; not read unless the row is updated too.
            var files = await folders.Copies.UploadAsync(
                folder, ObjectKeys.Comparison(row.Id, attempt.Fence), before: null, isPart: null, cancel);
            folders.Copies.Adopt(folder, files);
            await ComparisonStore.CompleteAsync(context, row.Id, files, cancel);
        });
    }

    public Task CleanUpAsync(string id, WorkState? ended, CancellationToken cancel)
    {
        if (ended is null && Directory.Exists(folders.Comparison(id)))
        {
            Directory.Delete(folders.Comparison(id), recursive: true); // The row was deleted while the result was written.
        }

        return Task.CompletedTask;
    }

    private Outcome<ComparisonResult> Compare(
        Attempt<ComparisonRow> attempt, LoadedModel a, LoadedModel b, DatasetManifest dataset, CancellationToken cancel)
    {
        var split = attempt.Row.Split;
        var progress = new ProgressReport<int>(
            attempt.Gate, done => leases.ProgressAsync(attempt.Claim, done, null, attempt.Lost), clock, cancel);
        return Open(a, dataset, split, cancel).Bind(first =>
        {
            using var _ = first;
            return Open(b, dataset, split, cancel).Bind(second =>
            {
                using var __ = second;
                var ids = dataset.Images.Of(split).Select(image => image.Id);
                return (Outcome<ComparisonResult>)new VersionComparison(clock).Run(
                    first.Network, second.Network, new EvaluatedSplit(split, dataset.Classes, [.. ids]), progress, cancel);
            });
        });
    }

    private Outcome<OpenedNetwork> Open(LoadedModel model, DatasetManifest dataset, Split split, CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        return pixels.Open(folders.Dataset(dataset.Name), dataset, split, input.Height, input.Width, input.Channels, cancel).Bind(images =>
        {
            var runner = runners.Load(RegularFile.ReadAllBytes(model.OnnxPath), model.Manifest.Preprocessing);
            if (runner.Succeeded)
            {
                return (Outcome<OpenedNetwork>)new OpenedNetwork(new(runner.Value, model.Manifest.Classes, images));
            }

            images.Dispose();
            return runner.Problem;
        });
    }

    /// <summary>A network and its images, both owned.</summary>
    private sealed record OpenedNetwork(ComparedNetwork Network) : IDisposable
    {
        public void Dispose()
        {
            Network.Runner.Dispose();
            Network.Images.Dispose();
        }
    }
}
