using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Reads and writes what <see cref="SweepSchedule"/> and <see cref="SuccessiveHalving"/> decide about the trials of sweeps. Each step is a
/// transaction that first locks the sweep's row, which serializes the steps of a sweep: no trial is queued twice, and the limit of
/// concurrent trials holds. Where runs are locked too, the sweep is locked first.
/// </summary>
internal sealed class SweepScheduler(Store store, TimeProvider clock)
{
    /// <summary>Alias of the sweep's model that names the version of the best trial so far.</summary>
    public const string BestAlias = "best";

    public Task<List<string>> RunningAsync(CancellationToken cancel = default) => store.UseAsync(context =>
        context.Sweeps.Where(sweep => sweep.State == SweepState.Running).OrderBy(sweep => sweep.Id).Select(sweep => sweep.Id)
        .ToListAsync(cancel));

    /// <summary>
    /// Queues as many waiting trials as the limit allows, and ends the sweep if none is left. To be called whenever a run ends, and
    /// periodically; superfluous calls are harmless.
    /// </summary>
    /// <returns>Ids of the queued runs.</returns>
    public Task<List<string>> AdvanceAsync(string id, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        List<string> queued = [];
        await RunChange.ApplyAsync(
            context, () => LockAsync(context, id, cancel), async () => queued = await AdvanceAsync(context, id, cancel), cancel);
        return queued;
    });

    /// <summary>
    /// Reports how many epochs a run has completed. At each rung of successive halving the run is judged once, by the trials that have
    /// reached it before, and requested to stop if it is not among the best.
    /// </summary>
    public Task ReachedAsync(string id, string runId, int epoch, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        if (await JudgementAsync(context, id, runId, epoch, cancel) is not null)
        {
            await RunChange.ApplyAsync(context, () => LockAsync(context, id, cancel), async () =>
            {
                if (await JudgementAsync(context, id, runId, epoch, cancel) is { } due)
                {
                    await JudgeAsync(context, due, cancel);
                }
            }, cancel);
        }
    });

    /// <summary>Changes nothing but locks the row of a running sweep.</summary>
    private static Task<int> LockAsync(StoreContext context, string id, CancellationToken cancel) =>
        context.Sweeps.Where(sweep => sweep.Id == id && sweep.State == SweepState.Running)
        .ExecuteUpdateAsync(set => set.SetProperty(sweep => sweep.State, SweepState.Running), cancel);

    private async Task<List<string>> AdvanceAsync(StoreContext context, string id, CancellationToken cancel)
    {
        var sweep = await context.Sweeps.AsNoTracking().SingleAsync(row => row.Id == id, cancel);
        var trials = await TrialsAsync(context, id, cancel);
        var step = SweepSchedule.Next(
            [.. trials.Select(trial => new ScheduledTrial(trial.Trial, PhaseOf(trial)))], sweep.Parallel, sweep.CancelRequested);
        var queued = await QueueAsync(context, sweep, step.Queue, cancel);
        await PointAtBestAsync(context, sweep, trials, cancel);
        if (step.State != SweepState.Running)
        {
            await context.Sweeps.Where(row => row.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(row => row.State, step.State).SetProperty(row => row.FinishedAt, clock.GetUtcNow()), cancel);
        }

        return queued;
    }

    private static Task<List<TrialEnd>> TrialsAsync(StoreContext context, string id, CancellationToken cancel) =>
        (from trial in context.SweepTrials
         where trial.SweepId == id
         join run in context.Runs on trial.RunId equals run.Id into runs
         from run in runs.DefaultIfEmpty()
         orderby trial.Trial
         select new TrialEnd
         {
             Trial = trial.Trial,
             RunId = trial.RunId,
             State = (WorkState?)run.Work.State,
             Version = (int?)run.Version,
         }).ToListAsync(cancel);

    private static TrialPhase PhaseOf(TrialEnd trial) => trial switch
    {
        { RunId: null } => TrialPhase.Waiting,
        { State: WorkState.Queued or WorkState.Running } => TrialPhase.Active,
        { State: WorkState.Succeeded } => TrialPhase.Succeeded,
        { State: WorkState.Failed } => TrialPhase.Failed,
        _ => TrialPhase.Cancelled,
    };

    private async Task<List<string>> QueueAsync(StoreContext context, SweepRow sweep, IReadOnlyList<int> next, CancellationToken cancel)
    {
        List<string> queued = [];
        foreach (var trial in await context.SweepTrials.Where(trial => trial.SweepId == sweep.Id && next.Contains(trial.Trial))
            .OrderBy(trial => trial.Trial).ToListAsync(cancel))
        {
            trial.RunId = RunId.New(clock);
            var plan = JsonSerializer.Deserialize<TrainingPlan>(trial.Plan, CoreJson.Options)! with { RunId = trial.RunId };
            context.Runs.Add(new RunRow
            {
                Id = trial.RunId,
                SweepId = sweep.Id,
                Request = trial.Request,
                Plan = JsonSerializer.Serialize(plan, CoreJson.Options),
                Dataset = sweep.Dataset,
                DatasetRevision = sweep.DatasetRevision,
                Model = sweep.Model,
                Epochs = plan.Epochs,
                Work = LeasedWork.Requiring(plan.Requires),
                CreatedAt = clock.GetUtcNow(),
            });
            context.RunEvents.Add(RunEvents.State(trial.RunId, 1, WorkState.Queued));
            queued.Add(trial.RunId);
        }

        await context.SaveChangesAsync(cancel);
        return queued;
    }

    private async Task PointAtBestAsync(StoreContext context, SweepRow sweep, List<TrialEnd> trials, CancellationToken cancel)
    {
        var figures = await TrialFigures.ReadAsync(context, sweep.Id, sweep.Metric, int.MaxValue, cancel);
        var published = trials.Where(trial => trial is { State: WorkState.Succeeded, Version: not null, RunId: not null });
        var ranked = TrialRanking.Rank(
            published, trial => figures.GetValueOrDefault(trial.RunId!)?.Best, trial => trial.Trial, sweep.Metric);
        if (ranked is not [(var best, not null), ..]
            || await AliasChange.LockModelAsync(context, sweep.Model, cancel) == 0
            || !await context.ModelVersions.AnyAsync(row => row.Model == sweep.Model && row.Version == best.Version, cancel))
        {
            return;
        }

        await AliasChange.PointAsync(context, new()
        {
            Model = sweep.Model,
            Alias = BestAlias,
            To = best.Version,
            Reason = AliasMoveReason.BestOfSweep,
            By = $"sweep {sweep.Id}",
            At = clock.GetUtcNow(),
        }, cancel);
        await context.SaveChangesAsync(cancel);
    }

    /// <summary>The judgement that is due; null if none is, or it was made already.</summary>
    private static async Task<HalvingJudgement?> JudgementAsync(
        StoreContext context, string id, string runId, int epoch, CancellationToken cancel)
    {
        var row = await (from trial in context.SweepTrials
                         where trial.SweepId == id && trial.RunId == runId && trial.StoppedAtRung == null
                         join sweep in context.Sweeps on trial.SweepId equals sweep.Id
                         where sweep.State == SweepState.Running && sweep.Factor != null && sweep.FirstEpochs != null
                         join run in context.Runs on trial.RunId equals run.Id
                         select new { Sweep = sweep, trial.Rungs, run.Epochs }).AsNoTracking().FirstOrDefaultAsync(cancel);
        return row?.Sweep.Halving() is { } halving && halving.DueRung(row.Epochs, epoch, row.Rungs) is { } rung
            ? new(row.Sweep, runId, rung, halving.Factor)
            : null;
    }

    private static async Task JudgeAsync(StoreContext context, HalvingJudgement due, CancellationToken cancel)
    {
        var (sweep, runId, rung, factor) = due;
        var figures = await TrialFigures.ReadAsync(context, sweep.Id, sweep.Metric, rung.Epochs, cancel);
        var decision = SuccessiveHalving.Judge(runId, figures, rung, sweep.Metric, factor);
        var stopped = decision is { Passes: false } ? rung.Index : (int?)null;
        await context.SweepTrials.Where(trial => trial.SweepId == sweep.Id && trial.RunId == runId).ExecuteUpdateAsync(set => set
            .SetProperty(trial => trial.Rungs, rung.Index + 1).SetProperty(trial => trial.StoppedAtRung, stopped), cancel);
        if (decision is not { Passes: false })
        {
            return;
        }

        var message = decision.Explain(rung, sweep.Metric);
        var failure = StoredFailure.Json("sweep.trial-stopped", message);
        var asked = await context.Runs.Where(run => run.Id == runId && run.Work.State == WorkState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.Work.CancelRequested, true).SetProperty(run => run.Work.Failure, failure),
                cancel);
        if (asked > 0)
        {
            await RunEvents.AppendAsync(context, runId, RunEvents.LogKind, JsonSerializer.Serialize(new { message }, CoreJson.Options),
                cancel);
        }
    }

    private sealed class TrialEnd
    {
        public int Trial { get; init; }

        public string? RunId { get; init; }

        public WorkState? State { get; init; }

        public int? Version { get; init; }
    }

    private sealed record HalvingJudgement(SweepRow Sweep, string RunId, HalvingRung Rung, int Factor);
}
