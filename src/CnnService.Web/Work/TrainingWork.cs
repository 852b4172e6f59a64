using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Imaging.Codec;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>Carries out a training run in a child process and publishes its package as a model version.</summary>
internal sealed partial class TrainingWork(
    RunStore runs,
    RunProgressStore progress,
    ModelPublisher publisher,
    RunArtifacts artifacts,
    SweepQueue sweeps,
    DataFolders folders,
    IOptions<TrainingOptions> options,
    IOptions<ImagingOptions> imaging,
    IConfiguration configuration,
    GpuShare gpu,
    TimeProvider clock,
    ILogger<TrainingWork> logger) : IWorkKind<RunRow>
{
    private static readonly TimeSpan FinishPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SignalLag = TimeSpan.FromSeconds(3);

    public static string Queue => WorkQueue.Training;

    public static bool Trains => true;

    public static string IdName => "RunId";

    public int MaxTries => options.Value.MaxAttempts;

    public int MaxTriesWithoutProgress => options.Value.MaxAttemptsWithoutCheckpoint;

    public Problem CrashLoop(CrashedAttempts crashed) => Problem.Unprocessable(
        "run.crash-loop",
        $"The training process died {crashed.Total} times, {crashed.WithoutProgress} of them in a row without a new checkpoint."
        + (crashed.Told is { Length: > 0 } told ? told : " The last lines of the log give the cause."));

    public async Task<AttemptResult> ExecuteAsync(Attempt<RunRow> attempt)
    {
        await artifacts.EnsureAsync(attempt);
        using var held = folders.Copies.Hold(folders.Dataset(attempt.Row.Dataset));
        var attempts = new AttemptFolders(folders.Run(attempt.Id));
        var folder = attempts.Begin(attempt.Fence);
        foreach (var former in attempts.Before(attempt.Fence))
        {
            RunFolder.TakeOver(former, folder);
        }

        RunFile.Write(folder, attempt.Row);
        var end = await TrainAsync(attempt, folder);
        attempt.Lost.ThrowIfCancellationRequested();
        if (end.Kind != TrainingEndKind.Completed)
        {
            await artifacts.UploadLeftAsync(attempt, folder);
        }

        return end switch
        {
            { Kind: TrainingEndKind.Completed } => await CompletedAsync(attempt, folder),
            { Kind: TrainingEndKind.Failed, Problem: { } problem } => new AttemptResult.Failed(problem),
            _ when attempt.Stop.IsCancellationRequested => new AttemptResult.Stopped(),
            { Kind: TrainingEndKind.Stopped } when await IsToStopAsync(attempt) => new AttemptResult.Stopped(),
            _ => new AttemptResult.Died(end.LastWords ?? "It was stopped by a signal from outside."),
        };
    }

    public async Task CleanUpAsync(string id, WorkState? ended, CancellationToken cancel)
    {
        if (ended == WorkState.Succeeded && Path.Combine(folders.RunFiles(id), RunFolder.CheckpointsFolder) is var checkpoints
            && Directory.Exists(checkpoints))
        {
            Directory.Delete(checkpoints, recursive: true); // A run that succeeded is never resumed.
        }

        if (await runs.FindAsync(id, cancel) is { } row)
        {
            if (ended == WorkState.Succeeded && row.Files is { } files)
            {
                await folders.Copies.DropOthersAsync(files, ObjectKeys.Run(id), cancel); // Checkpoints.
            }

            await sweeps.AdvanceAsync(row.SweepId);
        }
    }

    /// <summary>
    /// Whether the process stopped because the work should. A signal to all processes of the service may reach this one first.
    /// </summary>
    private async Task<bool> IsToStopAsync(Attempt<RunRow> attempt)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(attempt.Stop, attempt.Lost);
        await Task.WhenAny(Task.Delay(SignalLag, clock, either.Token));
        attempt.Lost.ThrowIfCancellationRequested();
        return attempt.Stop.IsCancellationRequested;
    }

    private async Task<TrainingEnd> TrainAsync(Attempt<RunRow> attempt, string folder)
    {
        using var use = gpu.Begin();
        await using var child = TrainingProcess.Start(folder, imaging.Value.PixelCacheFolder, configuration, gpu);
        void SendHeartbeat(long until) => child.Send(new ChildLease(attempt.Fence, until));
        attempt.Renewal.Renewed += SendHeartbeat;
        try
        {
            SendHeartbeat(attempt.Renewal.Until);
            await using var ending = attempt.Lost.Register(child.Kill); // Closes its output, which ends following it.
            var following = new TrainingFollower(attempt, progress, folder, sweeps, clock).FollowAsync(child.MessagesAsync());
            var stopping = StopWhenRequestedAsync(attempt, child, following);
            var finishing = FinishWhenRequestedAsync(attempt, child, following);
            await artifacts.UploadWhileAsync(attempt, folder, following);
            var end = await following;
            await stopping;
            await finishing;
            if (end.Kind == TrainingEndKind.Died && !attempt.Lost.IsCancellationRequested)
            {
                var words = $"The training process ended with code {child.ExitCode}. {child.Tail}";
                LogDied(attempt.Id, child.ExitCode, child.Tail);
                await progress.LogAsync(attempt.Claim, words, attempt.Lost);
                return TrainingEnd.Explain(child.Tail, attempt.Row.Plan) ?? end with { LastWords = words };
            }

            return end;
        }
        finally
        {
            attempt.Renewal.Renewed -= SendHeartbeat;
        }
    }

    /// <summary>Commands the process to stop at a checkpoint when the run should stop; kills it if that takes too long.</summary>
    private async Task StopWhenRequestedAsync(Attempt<RunRow> attempt, TrainingProcess child, Task following)
    {
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = attempt.Stop.Register(() => requested.TrySetResult());
        if (await Task.WhenAny(following, requested.Task) == following)
        {
            return;
        }

        child.Send(new ChildCancel());
        await Task.WhenAny(following, Task.Delay(options.Value.StopWithin, clock, attempt.Lost));
        if (!following.IsCompleted)
        {
            child.Kill();
        }
    }

    /// <summary>Commands the process to end the training with the best epoch once the run is to finish.</summary>
    private async Task FinishWhenRequestedAsync(Attempt<RunRow> attempt, TrainingProcess child, Task following)
    {
        while (!following.IsCompleted && !attempt.Lost.IsCancellationRequested)
        {
            if (await IsToFinishAsync(attempt.Id))
            {
                child.Send(new ChildFinish());
                return;
            }

            await Task.WhenAny(following, Task.Delay(FinishPoll, clock, attempt.Lost));
        }
    }

    /// <summary>False while the database is unavailable: it is asked again.</summary>
    private async Task<bool> IsToFinishAsync(string id)
    {
        try
        {
            return await runs.FindAsync(id) is { FinishRequested: true };
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private async Task<AttemptResult> CompletedAsync(Attempt<RunRow> attempt, string folder)
    {
        var run = attempt.Row;
        var package = Path.Combine(folder, RunFolder.PackageFolder);
        var files = await publisher.UploadAsync(run.Model, run.Id, package, attempt.Lost);
        var left = await artifacts.UploadResultAsync(attempt, folder);
        return new AttemptResult.Done(async (context, cancel) =>
        {
            await PublishAsync(context, run, package, files, cancel);
            if (left is not null)
            {
                await RunStore.SetFilesAsync(context, run.Id, left, cancel);
                folders.Copies.Adopt(folder, left);
            }
        });
    }

    private async Task PublishAsync(StoreContext context, RunRow run, string package, string? files, CancellationToken cancel)
    {
        var version = await publisher.PublishAsync(context, run.Model, run.Id, package, files, $"run {run.Id}", cancel);
        var published = ModelPackage.Open(folders.ModelVersion(run.Model, version));
        await RunStore.CompleteAsync(context, run.Id, version, published.Succeeded ? published.Value.Metrics : null, cancel);
    }
}
