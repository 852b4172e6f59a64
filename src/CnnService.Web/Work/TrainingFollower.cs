using System.Text.Json;
using System.Threading.Channels;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Stores the messages of a training process in the run's row. Reading never waits for the database: while it is unavailable training
/// continues, and messages are stored afterwards; of steps, one per second is enough. If a worker died between a checkpoint and storing the
/// epoch that it completes, the epoch is read from the attempt's folder.
/// </summary>
internal sealed class TrainingFollower(
    Attempt<RunRow> attempt, RunProgressStore store, string folder, SweepQueue sweeps, TimeProvider clock)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly TrainingPlan _plan = JsonSerializer.Deserialize<TrainingPlan>(attempt.Row.Plan, CoreJson.Options)!;
    private readonly Channel<ChildMessage> _messages = Channel.CreateUnbounded<ChildMessage>(new()
    {
        SingleReader = true,
        SingleWriter = true,
    });
    private long _stepped;
    private long _told;
    private RunPart? _part;

    /// <summary>Runs until the process has ended and everything is stored.</summary>
    /// <exception cref="OperationCanceledException">The claim is lost.</exception>
    public async Task<TrainingEnd> FollowAsync(IAsyncEnumerable<ChildMessage> messages)
    {
        var end = new TrainingEnd(TrainingEndKind.Died);
        var writing = WriteAllAsync();
        try
        {
            await foreach (var message in messages)
            {
                end = EndOf(message) ?? end;
                if (message switch
                {
                    ChildStep => IsDue(ref _stepped),
                    ChildPart part => IsNew(part.Progress.Part) | IsDue(ref _told),
                    _ => true,
                })
                {
                    _messages.Writer.TryWrite(message);
                }
            }
        }
        finally
        {
            _messages.Writer.Complete();
            TrainingMetrics.End(attempt.Id, end.Kind);
        }

        await writing;
        return end;
    }

    private static TrainingEnd? EndOf(ChildMessage message) => message switch
    {
        ChildCompleted => new(TrainingEndKind.Completed),
        ChildFailed failed => new(TrainingEndKind.Failed, failed.Problem),
        ChildCancelled => new(TrainingEndKind.Stopped),
        _ => null,
    };

    private async Task WriteAllAsync()
    {
        await foreach (var message in _messages.Reader.ReadAllAsync(attempt.Lost))
        {
            if (!await WriteAsync(message))
            {
                attempt.Renewal.MarkLost();
                attempt.Lost.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>
    /// Waits while the database is unavailable, unless the run should stop: the next attempt then catches up. False if the claim is lost.
    /// </summary>
    private async Task<bool> WriteAsync(ChildMessage message)
    {
        while (true)
        {
            try
            {
                return await WriteOnceAsync(message, attempt.Lost);
            }
            catch (StoreUnavailableException) when (!attempt.Stop.IsCancellationRequested && message is not (ChildStep or ChildPart))
            {
                await Task.Delay(PollInterval, clock, attempt.Lost);
            }
            catch (StoreUnavailableException)
            {
                return true;
            }
        }
    }

    private Task<bool> WriteOnceAsync(ChildMessage message, CancellationToken cancel) => message switch
    {
        ChildStarted started => StartedAsync(started, cancel),
        ChildStep step => store.StepAsync(attempt.Claim, step.Progress, cancel),
        ChildPart part => store.PartAsync(attempt.Claim, part.Progress, cancel),
        ChildEpoch epoch => EpochAsync(epoch.Metrics, cancel),
        ChildCheckpoint => store.CheckpointAsync(attempt.Claim, cancel),
        ChildLog log => store.LogAsync(attempt.Claim, log.Message, cancel),
        ChildCompleted => CatchUpAsync(_plan.Epochs, cancel),
        _ => Task.FromResult(true),
    };

    private async Task<bool> StartedAsync(ChildStarted started, CancellationToken cancel) =>
        await store.StartedAsync(attempt.Claim, started.Device, started.Precision, cancel)
        && await CatchUpAsync(started.ResumedEpoch, cancel);

    /// <summary>Stores those of the first epochs that former attempts completed without storing them.</summary>
    private async Task<bool> CatchUpAsync(int epochs, CancellationToken cancel)
    {
        var done = RunHistory.Read(folder).Where(metrics => metrics.Epoch <= epochs).ToArray();
        foreach (var metrics in await store.UnwrittenAsync(attempt.Id, done, cancel))
        {
            if (!await EpochAsync(metrics, cancel))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> EpochAsync(EpochMetrics metrics, CancellationToken cancel)
    {
        var mine = await store.EpochAsync(attempt.Claim, metrics, cancel);
        TrainingMetrics.Epoch(attempt.Id, _plan.Dataset, metrics);
        if (mine && attempt.Row.SweepId is { } sweep)
        {
            await sweeps.ReachedAsync(sweep, attempt.Id, metrics.Epoch);
        }

        return mine;
    }

    private bool IsNew(RunPart part)
    {
        var isNew = _part != part;
        _part = part;
        return isNew;
    }

    private bool IsDue(ref long last)
    {
        if (last != 0 && clock.GetElapsedTime(last) < PollInterval)
        {
            return false;
        }

        last = clock.GetTimestamp();
        return true;
    }
}
