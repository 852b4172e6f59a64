using CnnService.Core.Training;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Writes what a training process tells into the run's row, at most once a second for steps. A worker that died between a checkpoint and
/// the row of the epoch it ends never wrote that row: it is taken from the run's folder.
/// </summary>
internal sealed class TrainingFollower(RunClaim claim, TrainingProcess child, string folder, SweepQueue sweeps, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _epochs = 1;
    private string _dataset = string.Empty;
    private long _written;
    private (long At, double Done)? _first;

    /// <summary>Until the process ends. Throws <see cref="OperationCanceledException"/> when the claim is lost.</summary>
    public async Task<TrainingEnd> FollowAsync(CancellationToken lost)
    {
        var plan = System.Text.Json.JsonSerializer.Deserialize<TrainingPlan>(claim.Plan, Core.Common.CoreJson.Options)!;
        (_epochs, _dataset) = (plan.Epochs, plan.Dataset);
        var end = new TrainingEnd(TrainingEndKind.Died);
        try
        {
            return end = await ReadAsync(lost);
        }
        finally
        {
            TrainingMetrics.End(claim.Id, end.Kind);
        }
    }

    private async Task<TrainingEnd> ReadAsync(CancellationToken lost)
    {
        var end = new TrainingEnd(TrainingEndKind.Died);
        await foreach (var message in child.MessagesAsync(lost))
        {
            end = message switch
            {
                ChildCompleted => new(TrainingEndKind.Completed),
                ChildFailed failed => new(TrainingEndKind.Failed, failed.Problem),
                ChildCancelled => new(TrainingEndKind.Stopped),
                _ => end,
            };
            if (!await WriteAsync(message))
            {
                throw new OperationCanceledException("The claim on the run is lost.", lost);
            }
        }

        return end;
    }

    private Task<bool> WriteAsync(ChildMessage message) => message switch
    {
        ChildStarted started => StartedAsync(started),
        ChildStep step when IsDue() => claim.ProgressAsync(step.Progress, Eta(step.Progress)),
        ChildEpoch epoch => EpochAsync(epoch.Metrics),
        ChildCheckpoint => claim.CheckpointAsync(),
        ChildLog log => claim.LogAsync(log.Message),
        ChildCompleted => CatchUpAsync(_epochs),
        _ => Task.FromResult(true),
    };

    private async Task<bool> StartedAsync(ChildStarted started) =>
        await claim.StartedAsync(started.Device, started.Precision)
        && await CatchUpAsync(started.ResumedEpoch);

    /// <summary>Writes what former attempts did of the first so many epochs and did not live to write.</summary>
    private async Task<bool> CatchUpAsync(int epochs)
    {
        var done = RunHistory.Read(folder).Where(metrics => metrics.Epoch <= epochs).ToArray();
        foreach (var metrics in await claim.UnwrittenAsync(done))
        {
            if (!await EpochAsync(metrics))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> EpochAsync(EpochMetrics metrics)
    {
        var mine = await claim.EpochAsync(metrics);
        TrainingMetrics.Epoch(claim.Id, _dataset, metrics);
        if (mine && claim.SweepId is { } sweep)
        {
            await sweeps.ReachedAsync(sweep, claim.Id, metrics.Epoch);
        }

        return mine;
    }

    private bool IsDue()
    {
        if (_written != 0 && clock.GetElapsedTime(_written) < Pause)
        {
            return false;
        }

        _written = clock.GetTimestamp();
        return true;
    }

    /// <summary>Seconds left at the speed since this attempt's first step; null while there is none.</summary>
    private double? Eta(StepProgress progress)
    {
        var done = (progress.Epoch - 1 + (progress.Step / (double)Math.Max(1, progress.Steps))) / _epochs;
        _first ??= (clock.GetTimestamp(), done);
        var gained = done - _first.Value.Done;
        return gained > 0 ? clock.GetElapsedTime(_first.Value.At).TotalSeconds * (1 - done) / gained : null;
    }
}
