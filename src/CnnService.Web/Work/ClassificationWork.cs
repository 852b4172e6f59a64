using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>Classifies a data set. A new attempt continues where the last one ended: scores already computed are kept.</summary>
internal sealed class ClassificationWork(
    ClassifyJobStore jobs, ModelRegistry registry, DatasetFiles datasets, ClassThresholdFiles thresholds, BulkClassification classification,
    DataFolders folders, TimeProvider clock)
    : IWorkKind<ClassifyJobRow>
{
    public static string Queue => WorkQueue.Classification;

    public static string IdName => "ClassifyJobId";

    public int MaxTries => int.MaxValue;

    public int MaxTriesWithoutProgress => 3;

    public Problem CrashLoop(CrashedAttempts crashed) => new(
        ProblemKind.Internal, "classify-job.crash-loop",
        $"The classification died {crashed.WithoutProgress} times at the same images.{crashed.Told}");

    public async Task<AttemptResult> ExecuteAsync(Attempt<ClassifyJobRow> attempt)
    {
        var row = attempt.Row;
        var model = (await registry.ResolveAsync(row.Model, row.Version)).Bind(found => found.RequireClasses());
        var dataset = await datasets.ReadAsync(row.Dataset, row.DatasetRevision, attempt.Lost);
        if ((model.Problem ?? dataset.Problem) is { } problem)
        {
            return new AttemptResult.Failed(problem);
        }

        if (dataset.Value.Digest != row.Digest)
        {
            return new AttemptResult.Failed(Problem.Conflict(
                "dataset.changed", $"The data set '{row.Dataset}' has changed since its classification was requested: start another."));
        }

        var folder = new AttemptFolders(folders.Classification(row.Id)).Begin(attempt.Fence);
        var plan = new BulkPlan(model.Value, dataset.Value, row.Split) { Thresholds = thresholds.Find(model.Value) };
        var rate = new ImageRate(clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(attempt.Lost, attempt.Stop);
        var progress = new ProgressReport<int>(
            attempt.Gate, done => jobs.ProgressAsync(attempt.Claim, done, rate.At(done), attempt.Lost), clock, stop.Token);
        var failed = await attempt.RunAsync(cancel => ClassifyAsync(attempt, plan, folder, progress, cancel));
        await progress.FlushAsync();
        var files = failed is not null ? null : await folders.Copies.UploadAsync(
            folder, ObjectKeys.Classification(row.Id, attempt.Fence), before: null, isPart: null, attempt.Lost);
        return AttemptResult.From(failed, async (context, cancel) =>
        {
            PredictionTables.Publish(folder, folders.Classification(row.Id));
            folders.Copies.Adopt(folders.Classification(row.Id), files);
            await ClassifyJobStore.CompleteAsync(context, row.Id, files, cancel);
        });
    }

    public Task CleanUpAsync(string id, WorkState? ended, CancellationToken cancel)
    {
        var folder = folders.Classification(id);
        if (!Directory.Exists(folder))
        {
            return Task.CompletedTask;
        }

        if (ended is null or WorkState.Cancelled)
        {
            Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        }

        new AttemptFolders(folder).Clear();
        PredictionFile.Clear(folder);
        return Task.CompletedTask;
    }

    private async Task<Problem?> ClassifyAsync(
        Attempt<ClassifyJobRow> attempt, BulkPlan plan, string folder, IProgress<int> progress, CancellationToken cancel)
    {
        using var scores = PredictionFile.Open(folders.Classification(attempt.Id), attempt.Fence, plan.Key(), plan.Columns);
        var done = await classification.RunAsync(plan, folders.Dataset(attempt.Row.Dataset), scores, progress, cancel);
        if (done.Succeeded)
        {
            await PredictionTables.WriteAsync(folder, attempt.Fence, plan, scores, cancel);
        }

        return done.Problem;
    }

    /// <summary>
    /// Throughput of this attempt. The first value contains the images that former attempts completed, which do not count.
    /// </summary>
    private sealed class ImageRate(TimeProvider clock)
    {
        private (long At, int Done)? _first;

        /// <summary>Images per second; null until there is progress.</summary>
        public double? At(int done)
        {
            _first ??= (clock.GetTimestamp(), done);
            var seconds = clock.GetElapsedTime(_first.Value.At).TotalSeconds;
            return done > _first.Value.Done && seconds > 0 ? (done - _first.Value.Done) / seconds : null;
        }
    }
}
