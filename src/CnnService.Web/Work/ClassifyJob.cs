using CnnService.Core.Classification.Bulk;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>Classifies a data set. Goes on where a former attempt died: the scores it had are kept.</summary>
internal sealed partial class ClassifyJob(
    ClassifyJobStore jobs,
    ModelRegistry registry,
    BulkClassification classification,
    DataFolders folders,
    IOptions<TrainingOptions> options,
    TimeProvider clock,
    ILogger<ClassifyJob> logger)
{
    /// <summary>Attempts without progress.</summary>
    public const int MaxTries = 3;

    public async Task RunAsync(string id, CancellationToken shutdown)
    {
        var lease = options.Value.Lease;
        if (await jobs.ClaimAsync(id, WorkerId.Mine, lease) is not { } claim)
        {
            return;
        }

        using var keeper = new LeaseKeeper(claim.RenewAsync, lease, clock);
        using var progress = new ClassifyProgress(claim, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(shutdown, keeper.Lost, progress.Gone);
        try
        {
            var problem = claim.Row.Tries > MaxTries ? CrashLoop : await ClassifyAsync(claim.Row, progress, stop.Token);
            await EndAsync(claim, problem);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            await claim.ReleaseAsync();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogLost(keeper.Fault, id);
            await ClearAsync(id);
        }
    }

    private static Problem CrashLoop { get; } = new(ProblemKind.Internal, "classify-job.crash-loop", $"The classification died {MaxTries} times at the same pictures.");

    /// <summary>Null where the result is written.</summary>
    private async Task<Problem?> ClassifyAsync(ClassifyJobRow row, ClassifyProgress progress, CancellationToken stop)
    {
        var model = (await registry.ResolveAsync(row.Model, row.Version)).Bind(found => found.RequireClasses());
        var dataset = DatasetFolder.ReadManifest(folders.Dataset(row.Dataset));
        if ((model.Problem ?? dataset.Problem) is { } problem)
        {
            return problem;
        }

        if (dataset.Value.Digest != row.Digest)
        {
            return Problem.Conflict("dataset.changed", $"The data set '{row.Dataset}' is not the one that was to be classified any more.");
        }

        // It computes for as long as it takes; a thread of its own keeps the pool free.
        return await Task.Factory.StartNew(
            () => Classify(row, new BulkPlan(model.Value, dataset.Value, row.Split), progress, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private Problem? Classify(ClassifyJobRow row, BulkPlan plan, ClassifyProgress progress, CancellationToken stop)
    {
        var folder = Directory.CreateDirectory(folders.Classification(row.Id)).FullName;
        try
        {
            using var scores = PredictionFile.Open(folder, row.Attempt, plan.Key(), plan.Classes.Count);
            var done = classification.Run(plan, folders.Dataset(row.Dataset), scores, progress, stop);
            progress.Flush();
            if (done.Succeeded)
            {
                PredictionTables.Write(folder, row.Attempt, plan, scores, stop);
            }

            return done.Problem;
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new Problem(ProblemKind.StorageFull, "storage.full", "The disk is full: the predictions could not be kept.");
        }
    }

    private async Task EndAsync(ClassifyJobClaim claim, Problem? problem)
    {
        var id = claim.Row.Id;
        if (await (problem is null ? claim.SucceedAsync() : claim.FailAsync(problem)))
        {
            LogEnded(id, problem?.Code ?? "succeeded");
            if (Directory.Exists(folders.Classification(id)))
            {
                PredictionFile.Clear(folders.Classification(id));
            }
        }
        else
        {
            await ClearAsync(id);
        }
    }

    /// <summary>Deletes what was done for a job that was cancelled or deleted meanwhile; another worker's is left alone.</summary>
    private async Task ClearAsync(string id)
    {
        if (await jobs.FindAsync(id) is null or { State: ClassifyJobState.Cancelled } && Directory.Exists(folders.Classification(id)))
        {
            Directory.Delete(folders.Classification(id), recursive: true);
        }
    }

    [LoggerMessage(LogLevel.Information, "Classification {Id} ended, {Result}")]
    private partial void LogEnded(string id, string result);

    [LoggerMessage(LogLevel.Warning, "Classification {Id} was cancelled, deleted or taken over; it stops here")]
    private partial void LogLost(Exception? fault, string id);
}
