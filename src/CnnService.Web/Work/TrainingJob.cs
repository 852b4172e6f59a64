using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Imaging.Codec;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>Carries out a run: claims it, trains it in a child process, publishes what it gave. The row decides, not the job.</summary>
internal sealed partial class TrainingJob(
    RunStore runs,
    ModelPublisher publisher,
    SweepQueue sweeps,
    DataFolders folders,
    IOptions<TrainingOptions> options,
    IOptions<ImagingOptions> imaging,
    IConfiguration configuration,
    TimeProvider clock,
    ILogger<TrainingJob> logger)
{
    private static readonly Func<ILogger, string, IDisposable?> OfRun = LoggerMessage.DefineScope<string>("Run {RunId}");

    /// <summary>True where the run waits again and should be taken up at once.</summary>
    public async Task<bool> RunAsync(string id, CancellationToken shutdown)
    {
        if (await runs.ClaimAsync(id, WorkerId.Mine, options.Value.Lease) is not { } claim)
        {
            return false;
        }

        using var scope = OfRun(logger, id);
        LogClaimed(id, claim.Attempt);
        var again = await RunAsync(claim, shutdown);
        if (!again)
        {
            await sweeps.AdvanceAsync(claim.SweepId);
        }

        return again;
    }

    private async Task<bool> RunAsync(RunClaim claim, CancellationToken shutdown)
    {
        var settings = options.Value;
        if (claim.CancelRequested)
        {
            await claim.CancelledAsync();
            return false;
        }

        if (claim.BarrenAttempts > settings.MaxBarrenAttempts || claim.Tries > settings.MaxAttempts)
        {
            await claim.FailAsync(Problem.Unprocessable(
                "run.crash-loop",
                $"The training process died {claim.BarrenAttempts - 1} times in a row without a new checkpoint ({claim.Tries - 1} attempts in all). The last words of the log tell more."));
            return false;
        }

        return await TrainAsync(claim, shutdown);
    }

    private async Task<bool> TrainAsync(RunClaim claim, CancellationToken shutdown)
    {
        using var keeper = new LeaseKeeper(claim.RenewAsync, options.Value.Lease, clock);
        var folder = Directory.CreateDirectory(folders.Run(claim.Id)).FullName;
        try
        {
            DurableFile.Write(Path.Combine(folder, RunFolder.PlanFile), Encoding.UTF8.GetBytes(claim.Plan));
            var end = await FollowAsync(claim, keeper, folder, shutdown);
            return await FinishAsync(claim, end, folder);
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            await claim.FailAsync(new Problem(ProblemKind.StorageFull, "storage.full", "The disk is full; free some space, then resume the run."));
        }
        catch (OperationCanceledException) when (keeper.Lost.IsCancellationRequested)
        {
            LogLost(keeper.Fault, claim.Id, claim.Attempt);
        }
        catch (StoreUnavailableException failure)
        {
            LogLost(failure, claim.Id, claim.Attempt);
        }

        return false;
    }

    private async Task<TrainingEnd> FollowAsync(RunClaim claim, LeaseKeeper keeper, string folder, CancellationToken shutdown)
    {
        var child = TrainingProcess.Start(folder, imaging.Value.PixelCacheFolder, configuration);
        await using (child)
        {
            // Ends a silent process too: its output closes, and following it ends.
            using var ending = keeper.Lost.Register(child.Kill);
            using var watched = CancellationTokenSource.CreateLinkedTokenSource(keeper.Lost);
            var following = new TrainingFollower(claim, child, folder, sweeps, clock).FollowAsync(watched.Token);
            var watching = WatchAsync(claim, child, following, watched, shutdown);
            var end = await following;
            keeper.Lost.ThrowIfCancellationRequested();
            var stopped = await watching;
            if (end.Kind == TrainingEndKind.Died)
            {
                LogDied(claim.Id, child.ExitCode, child.Tail);
                await claim.LogAsync($"The training process ended with code {child.ExitCode}. {child.Tail}");
            }

            return end.Kind is TrainingEndKind.Stopped or TrainingEndKind.Died ? end with { Reason = stopped } : end;
        }
    }

    /// <summary>Looks twice a second whether the run is to stop, and sees to it that it does.</summary>
    private async Task<StopReason> WatchAsync(
        RunClaim claim, TrainingProcess child, Task following, CancellationTokenSource watched, CancellationToken shutdown)
    {
        var reason = StopReason.None;
        while (!following.IsCompleted && reason == StopReason.None)
        {
            await Task.WhenAny(following, Task.Delay(TimeSpan.FromMilliseconds(500), shutdown));
            reason = shutdown.IsCancellationRequested ? StopReason.Shutdown
                : await IsCancelledAsync(claim) ? StopReason.Cancel
                : StopReason.None;
        }

        if (reason != StopReason.None && !following.IsCompleted)
        {
            await child.CancelAsync();
            await Task.WhenAny(following, Task.Delay(options.Value.StopWithin, watched.Token));
            if (!following.IsCompleted)
            {
                child.Kill();
            }
        }

        return reason;
    }

    private static async Task<bool> IsCancelledAsync(RunClaim claim)
    {
        try
        {
            return (await claim.LookAsync()).Cancelled;
        }
        catch (StoreUnavailableException)
        {
            return false; // Asked again in half a second; the lease decides how long that may go on.
        }
    }

    /// <summary>True where the run waits again although nobody stopped it.</summary>
    private async Task<bool> FinishAsync(RunClaim claim, TrainingEnd end, string folder)
    {
        switch (end)
        {
            case { Kind: TrainingEndKind.Completed }:
                await PublishAsync(claim, folder);
                return false;
            case { Kind: TrainingEndKind.Failed }:
                await claim.FailAsync(end.Problem!);
                return false;
            case { Reason: StopReason.Cancel }:
                await claim.CancelledAsync();
                return false;
            default:
                var blameless = end.Reason == StopReason.Shutdown;
                return await claim.RequeueAsync(blameless) && !blameless;
        }
    }

    private async Task PublishAsync(RunClaim claim, string folder)
    {
        var version = await publisher.PublishAsync(claim, folder);
        if (version.Problem is { } problem)
        {
            await claim.FailAsync(problem);
        }
        else if (await claim.SucceedAsync(version.Value)
            && Path.Combine(folder, RunFolder.CheckpointsFolder) is var checkpoints && Directory.Exists(checkpoints))
        {
            Directory.Delete(checkpoints, recursive: true); // Nothing goes on from here any more.
        }
    }

    [LoggerMessage(LogLevel.Information, "Run {Id}: attempt {Attempt} begins")]
    private partial void LogClaimed(string id, int attempt);

    [LoggerMessage(LogLevel.Warning, "Run {Id}: lease lost, attempt {Attempt} stops and writes nothing more")]
    private partial void LogLost(Exception? fault, string id, int attempt);

    [LoggerMessage(LogLevel.Error, "Run {Id}: the training process ended with code {ExitCode}: {Tail}")]
    private partial void LogDied(string id, int exitCode, string tail);
}
