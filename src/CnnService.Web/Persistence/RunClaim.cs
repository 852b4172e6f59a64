using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// A worker's hold on a run. Every write names the attempt; once another worker has claimed the run, writes change nothing
/// and answer false, and this worker must stop.
/// </summary>
internal sealed class RunClaim(Store store, TimeProvider clock, RunRow run, TimeSpan lease)
{
    private readonly string _id = run.Id;
    private readonly string? _owner = run.Owner;
    private readonly int _attempt = run.Attempt;

    public string Id => _id;

    public int Attempt => _attempt;

    /// <summary>JSON.</summary>
    public string Plan => run.Plan;

    public string Model => run.Model;

    /// <summary>The sweep that the run is a trial of.</summary>
    public string? SweepId => run.SweepId;

    /// <summary>Attempts since the last new checkpoint, this one included.</summary>
    public int BarrenAttempts => run.BarrenAttempts;

    /// <summary>Attempts since the run was queued by a person, this one included; those that a shutdown ended do not count.</summary>
    public int Tries => run.Tries;

    public bool CancelRequested => run.CancelRequested;

    /// <summary>Prolongs the lease; false where it is lost.</summary>
    public Task<bool> RenewAsync() => WriteAsync(async (context, mine) =>
    {
        var until = await StoreClock.NowAsync(context, clock) + lease;
        return await mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, until));
    });

    /// <summary>Whether the run is still this worker's, and whether it was asked to stop.</summary>
    public Task<(bool Mine, bool Cancelled)> LookAsync() => store.UseAsync(async context =>
    {
        var row = await Mine(context).Select(row => new { row.CancelRequested }).FirstOrDefaultAsync();
        return (row is not null, row?.CancelRequested ?? false);
    });

    public Task<bool> StartedAsync(string device, Precision precision) => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.Device, device)
        .SetProperty(row => row.Precision, precision.ToString())));

    public Task<bool> ProgressAsync(StepProgress progress, double? etaSeconds) => WriteAsync((_, mine) => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.Epoch, progress.Epoch)
        .SetProperty(row => row.Step, progress.Step)
        .SetProperty(row => row.Steps, progress.Steps)
        .SetProperty(row => row.ImagesPerSecond, Finite(progress.ImagesPerSecond) ?? 0)
        .SetProperty(row => row.EtaSeconds, etaSeconds)));

    /// <summary>Writes an epoch's figures, and that all its steps are done; an epoch told again replaces its row and is no new event.</summary>
    public Task<bool> EpochAsync(EpochMetrics metrics) => ChangeAsync(mine => mine.ExecuteUpdateAsync(set => set
        .SetProperty(row => row.Epoch, metrics.Epoch)
        .SetProperty(row => row.Step, row => row.Steps)), async context =>
    {
        var row = await context.Epochs.FirstOrDefaultAsync(epoch => epoch.RunId == _id && epoch.Epoch == metrics.Epoch);
        var isNew = row is null;
        if (row is null)
        {
            context.Epochs.Add(row = new EpochRow { RunId = _id, Epoch = metrics.Epoch });
        }

        (row.Loss, row.Accuracy) = (Finite(metrics.Loss), Finite(metrics.Accuracy));
        (row.ValidationLoss, row.ValidationAccuracy) = (Finite(metrics.ValidationLoss), Finite(metrics.ValidationAccuracy));
        (row.LearningRate, row.Seconds, row.ImagesPerSecond) = (metrics.LearningRate, metrics.Seconds, Finite(metrics.ImagesPerSecond) ?? 0);
        await context.SaveChangesAsync();
        if (isNew)
        {
            await RunEvents.AppendAsync(context, _id, RunEvents.EpochKind, JsonSerializer.Serialize(metrics, CoreJson.Options));
        }
    });

    /// <summary>The epochs among these whose figures no attempt has written.</summary>
    public Task<IReadOnlyList<EpochMetrics>> UnwrittenAsync(IReadOnlyList<EpochMetrics> history) => store.UseAsync(async context =>
    {
        var written = await context.Epochs.Where(row => row.RunId == _id).Select(row => row.Epoch).ToHashSetAsync();
        return (IReadOnlyList<EpochMetrics>)[.. history.Where(metrics => !written.Contains(metrics.Epoch))];
    });

    /// <summary>A new checkpoint: this attempt was not barren.</summary>
    public Task<bool> CheckpointAsync() => WriteAsync((_, mine) =>
        mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.BarrenAttempts, 0)));

    public Task<bool> LogAsync(string message) => ChangeAsync(Hold, context =>
        RunEvents.AppendAsync(context, _id, RunEvents.LogKind, JsonSerializer.Serialize(new { message }, CoreJson.Options)));

    public Task<bool> SucceedAsync(int version) => EndAsync(RunState.Succeeded, null, version);

    public Task<bool> FailAsync(Problem problem) => EndAsync(RunState.Failed, problem, null);

    public Task<bool> CancelledAsync() => EndAsync(RunState.Cancelled, null, null);

    /// <summary>Gives the run back to the queue: after a shutdown, which is no fault of the run, or a process that died.</summary>
    public Task<bool> RequeueAsync(bool blameless) => ChangeAsync(
        mine => mine.ExecuteUpdateAsync(set => set
            .SetProperty(row => row.State, RunState.Queued)
            .SetProperty(row => row.BarrenAttempts, row => blameless ? 0 : row.BarrenAttempts)
            .SetProperty(row => row.Tries, row => blameless ? row.Tries - 1 : row.Tries)
            .SetProperty(row => row.LeaseUntil, DateTimeOffset.UnixEpoch)),
        context => RunEvents.AppendStateAsync(context, _id, RunState.Queued));

    private Task<bool> EndAsync(RunState state, Problem? problem, int? version)
    {
        var failure = problem is null ? null : JsonSerializer.Serialize(Failure.Of(problem), CoreJson.Options);
        return ChangeAsync(
            mine => mine.ExecuteUpdateAsync(set => set
                .SetProperty(row => row.State, state)
                .SetProperty(row => row.Failure, row => state == RunState.Cancelled ? row.Failure : failure)
                .SetProperty(row => row.Version, row => version ?? row.Version)
                .SetProperty(row => row.EtaSeconds, (double?)null)
                .SetProperty(row => row.FinishedAt, clock.GetUtcNow())),
            context => RunEvents.AppendStateAsync(context, _id, state));
    }

    /// <summary>Changes nothing, but locks the row while it is this worker's.</summary>
    private Task<int> Hold(IQueryable<RunRow> mine) => mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.Attempt, _attempt));

    private Task<bool> ChangeAsync(Func<IQueryable<RunRow>, Task<int>> change, Func<StoreContext, Task> tell) =>
        store.UseAsync(context => RunChange.ApplyAsync(context, () => change(Mine(context)), () => tell(context)));

    private async Task<bool> WriteAsync(Func<StoreContext, IQueryable<RunRow>, Task<int>> write) =>
        await store.UseAsync(context => write(context, Mine(context))) > 0;

    private IQueryable<RunRow> Mine(StoreContext context) =>
        context.Runs.Where(row => row.Id == _id && row.Attempt == _attempt && row.Owner == _owner && row.State == RunState.Running);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
