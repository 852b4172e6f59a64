using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// A worker's hold on a run. Every write names the attempt; once another worker has claimed the run, writes change nothing
/// and answer false, and this worker must stop.
/// </summary>
internal sealed class RunClaim(
    Store store, TimeProvider clock, string id, string owner, int attempt, TimeSpan lease, string plan, int barrenAttempts, bool cancelRequested)
{
    public string Id => id;

    public int Attempt => attempt;

    /// <summary>JSON.</summary>
    public string Plan => plan;

    /// <summary>Attempts since the last new checkpoint, this one included.</summary>
    public int BarrenAttempts => barrenAttempts;

    public bool CancelRequested => cancelRequested;

    /// <summary>Prolongs the lease; false where it is lost.</summary>
    public Task<bool> RenewAsync() => WriteAsync(async (context, mine) =>
    {
        var until = await StoreClock.NowAsync(context, clock).ConfigureAwait(false) + lease;
        return await mine.ExecuteUpdateAsync(set => set.SetProperty(run => run.LeaseUntil, until)).ConfigureAwait(false);
    });

    /// <summary>True while the run is ours and is to go on; false to stop.</summary>
    public Task<(bool Mine, bool Cancelled)> LookAsync() => store.UseAsync(async context =>
    {
        var row = await Mine(context).Select(run => new { run.CancelRequested }).FirstOrDefaultAsync().ConfigureAwait(false);
        return (row is not null, row?.CancelRequested ?? false);
    });

    public Task<bool> StartedAsync(string device, Precision precision, int epochs) => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(run => run.Device, device)
        .SetProperty(run => run.Precision, precision.ToString())
        .SetProperty(run => run.Epochs, epochs)));

    public Task<bool> ProgressAsync(StepProgress progress, double? etaSeconds) => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(run => run.Epoch, progress.Epoch)
        .SetProperty(run => run.Step, progress.Step)
        .SetProperty(run => run.Steps, progress.Steps)
        .SetProperty(run => run.ImagesPerSecond, progress.ImagesPerSecond)
        .SetProperty(run => run.EtaSeconds, etaSeconds)));

    /// <summary>Writes an epoch's figures; telling an epoch again replaces nothing but its row.</summary>
    public Task<bool> EpochAsync(EpochMetrics metrics) => WriteAsync(async (context, mine) =>
    {
        if (!await mine.AnyAsync().ConfigureAwait(false))
        {
            return 0;
        }

        var row = await context.Epochs.FirstOrDefaultAsync(epoch => epoch.RunId == id && epoch.Epoch == metrics.Epoch).ConfigureAwait(false);
        if (row is null)
        {
            context.Epochs.Add(row = new EpochRow { RunId = id, Epoch = metrics.Epoch });
        }

        (row.Loss, row.Accuracy) = (Finite(metrics.Loss), Finite(metrics.Accuracy));
        (row.ValidationLoss, row.ValidationAccuracy) = (Finite(metrics.ValidationLoss), Finite(metrics.ValidationAccuracy));
        (row.LearningRate, row.Seconds, row.ImagesPerSecond) = (metrics.LearningRate, metrics.Seconds, metrics.ImagesPerSecond);
        var isNew = context.Entry(row).State == EntityState.Added;
        await context.SaveChangesAsync().ConfigureAwait(false);
        if (isNew)
        {
            await RunEvents.AppendAsync(context, id, RunEvents.EpochKind, JsonSerializer.Serialize(metrics, CoreJson.Options)).ConfigureAwait(false);
        }

        return 1;
    });

    /// <summary>A new checkpoint: this attempt was not barren.</summary>
    public Task<bool> CheckpointAsync() => WriteAsync((_, mine) =>
        mine.ExecuteUpdateAsync(set => set.SetProperty(run => run.BarrenAttempts, 0)));

    public Task<bool> LogAsync(string message) => TellAsync(RunEvents.LogKind, JsonSerializer.Serialize(new { message }, CoreJson.Options));

    public Task<bool> TellAsync(string kind, string json) => WriteAsync(async (context, mine) =>
    {
        if (!await mine.AnyAsync().ConfigureAwait(false))
        {
            return 0;
        }

        await RunEvents.AppendAsync(context, id, kind, json).ConfigureAwait(false);
        return 1;
    });

    public Task<bool> SucceedAsync(int version) => EndAsync(RunState.Succeeded, null, version);

    public Task<bool> FailAsync(Problem problem) => EndAsync(RunState.Failed, problem, null);

    public Task<bool> CancelledAsync() => EndAsync(RunState.Cancelled, null, null);

    /// <summary>Gives the run back to the queue: a shutdown, or a child that died.</summary>
    public async Task<bool> RequeueAsync(bool blameless)
    {
        var mine = await WriteAsync((_, own) => own.ExecuteUpdateAsync(set => set
            .SetProperty(run => run.State, RunState.Queued)
            .SetProperty(run => run.BarrenAttempts, run => blameless ? 0 : run.BarrenAttempts)
            .SetProperty(run => run.LeaseUntil, DateTimeOffset.UnixEpoch))).ConfigureAwait(false);
        if (mine)
        {
            await store.UseAsync(context => RunEvents.AppendAsync(context, id, RunEvents.StateKind, RunEvents.Json(RunState.Queued))).ConfigureAwait(false);
        }

        return mine;
    }

    private async Task<bool> EndAsync(RunState state, Problem? problem, int? version)
    {
        var failure = problem is null ? null : JsonSerializer.Serialize(Failure.Of(problem), CoreJson.Options);
        var mine = await WriteAsync((_, own) => own.ExecuteUpdateAsync(set => set
            .SetProperty(run => run.State, state)
            .SetProperty(run => run.Failure, failure)
            .SetProperty(run => run.Version, run => version ?? run.Version)
            .SetProperty(run => run.EtaSeconds, (double?)null)
            .SetProperty(run => run.FinishedAt, clock.GetUtcNow()))).ConfigureAwait(false);
        if (mine)
        {
            await store.UseAsync(context => RunEvents.AppendAsync(context, id, RunEvents.StateKind, RunEvents.Json(state))).ConfigureAwait(false);
        }

        return mine;
    }

    private async Task<bool> WriteAsync(Func<StoreContext, IQueryable<RunRow>, Task<int>> write) =>
        await store.UseAsync(context => write(context, Mine(context))).ConfigureAwait(false) > 0;

    private IQueryable<RunRow> Mine(StoreContext context) =>
        context.Runs.Where(run => run.Id == id && run.Attempt == attempt && run.Owner == owner && run.State == RunState.Running);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
